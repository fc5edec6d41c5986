-- One row per release, rename, tag synonym, series break, measuring fault, gap, package split or outside event.
-- Breaks of basis are found in the data: the day from which a series is counted in another way. So are the events that
-- a source tells of itself (`int_<source_id>__events`).
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
    where subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects) and metric_id in (
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

of_sources as (
    select *
    from {{ offered('events', [
        'event_id', 'subject_id', 'metric_id', 'occurred_on', 'ended_on', 'kind', 'title', 'url'
    ]) }}
),

every_event as (
    {% for event in ['registered', 'basis_breaks', 'of_sources'] %}
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
