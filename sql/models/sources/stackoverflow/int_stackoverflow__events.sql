-- One row per synonym of a compared tag, and per leap of its total, which breaks its series.
select
    'stackoverflow-synonym-' || synonyms.from_tag as event_id,
    identifiers.subject_id,
    'stackoverflow_questions' as metric_id,
    synonyms.created_on as occurred_on,
    null::date as ended_on,
    'tag synonym' as kind,
    'Stack Overflow turns the tag ' || synonyms.from_tag || ' into ' || synonyms.to_tag as title,
    'https://stackoverflow.com/tags/' || url_encode(synonyms.to_tag) || '/synonyms' as url
from {{ ref('stg_stackoverflow__tag_synonyms') }} as synonyms
inner join {{ source('raw', 'identifiers') }} as identifiers
    on synonyms.to_tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
union all
select
    'stackoverflow-jump-' || subject_id || '-' || observed_on as event_id,
    subject_id,
    'stackoverflow_questions' as metric_id,
    observed_on as occurred_on,
    null::date as ended_on,
    'series break' as kind,
    format(
        'The tag {} has {:,d} questions ever, after {:,d}: it was merged or renamed', tag, questions,
        questions_before
    ) as title,
    'https://stackoverflow.com/tags/' || url_encode(tag) || '/info' as url
from {{ ref('int_stackoverflow__tag_jumps') }}
