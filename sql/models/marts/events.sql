-- One row per release, rename, tag synonym, series break, measuring fault, gap, package split or outside event.
-- Breaks of basis and of a tag are found in the data: the day from which a series is counted in another way.
with registered as (
    select * from {{ ref('known_events') }}
    where subject_id is null or subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects)
),

changes as (
    select
        subject_id,
        metric_id,
        period_start,
        basis,
        lag(basis) over (partition by subject_id, metric_id order by period_start) as basis_before
    from {{ ref('int_observations') }}
    -- Most metrics are always counted in one way, and need not be read.
    where metric_id in (
        select periods.metric_id from {{ ref('int_periods') }} as periods
        group by all
        having min(periods.basis) <> max(periods.basis)
    )
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
),

tag_jumps as (
    select
        'stackoverflow-jump-' || subject_id || '-' || observed_on as event_id,
        subject_id,
        'stackoverflow' as source_id,
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
),

releases as (
    select
        'github-release-' || releases.subject_id || '-' || releases.release_id as event_id,
        releases.subject_id,
        'github' as source_id,
        null::varchar as metric_id,
        releases.published_at::date as occurred_on,
        null::date as ended_on,
        case when releases.is_patch then 'patch release' else 'release' end as kind,
        -- v2.6.0 is told as 2.6, v2.6.1 as 2.6.1.
        subjects.name || ' '
        || regexp_replace(regexp_replace(releases.tag_name, '^v(\d)', '\1'), '^(\d+\.\d+)\.0$', '\1') as title,
        releases.url
    from {{ ref('int_github__releases') }} as releases
    inner join {{ ref('subjects') }} as subjects using (subject_id)
),

renames as (
    select
        'github-rename-' || subject_id || '-' || observed_on as event_id,
        subject_id,
        'github' as source_id,
        null::varchar as metric_id,
        observed_on as occurred_on,
        null::date as ended_on,
        'rename' as kind,
        former_name || ' is now ' || full_name as title,
        'https://github.com/' || full_name as url
    from {{ ref('int_github__renames') }}
),

every_event as (
    {% for event in ['registered', 'basis_breaks', 'tag_synonyms', 'tag_jumps', 'releases', 'renames'] %}
        select * from {{ event }}
        {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
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
from every_event
