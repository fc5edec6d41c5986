-- One row per release, series break, measuring fault, tag synonym or outside event.
-- Breaks of basis are found in the data: the day from which a series is counted in another way.
with changes as (
    select
        subject_id,
        metric_id,
        period_start,
        basis,
        lag(basis) over (partition by subject_id, metric_id order by period_start) as basis_before
    from {{ ref('int_observations') }}
),

basis_breaks as (
    select
        metrics.source_id || '-' || changes.metric_id || '-' || changes.subject_id || '-' || changes.period_start
            as event_id,
        changes.subject_id,
        metrics.source_id,
        changes.metric_id,
        changes.period_start as occurred_on,
        null::date as ended_on,
        'series break' as kind,
        'From here: ' || changes.basis || '. Before: ' || changes.basis_before as title,
        null::varchar as url
    from changes
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    where changes.basis <> changes.basis_before
),

tag_synonyms as (
    select
        'stackoverflow-synonym-' || synonyms.from_tag as event_id,
        identifiers.subject_id,
        'stackoverflow' as source_id,
        'stackoverflow_questions' as metric_id,
        synonyms.created_on as occurred_on,
        null::date as ended_on,
        'tag synonym' as kind,
        'Stack Overflow turns the tag ' || synonyms.from_tag || ' into ' || synonyms.to_tag as title,
        'https://stackoverflow.com/tags/' || url_encode(synonyms.to_tag) || '/synonyms' as url
    from {{ ref('stg_stackoverflow__tag_synonyms') }} as synonyms
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on synonyms.to_tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
)

select
    event_id,
    subject_id,
    source_id,
    metric_id,
    occurred_on,
    ended_on,
    kind,
    title,
    url
from {{ ref('known_events') }}
union all by name
select
    event_id,
    subject_id,
    source_id,
    metric_id,
    occurred_on,
    ended_on,
    kind,
    title,
    url
from basis_breaks
union all by name
select
    event_id,
    subject_id,
    source_id,
    metric_id,
    occurred_on,
    ended_on,
    kind,
    title,
    url
from tag_synonyms
