-- One row per observation of which something is to be said beside its figure: that it, or one that it is made of, is
-- unusual or in doubt, that it is the last of a series that went stale, or that the source has changed it.
{{ config(materialized='table') }}

with judged as (
    select
        subject_id,
        metric_id,
        period_start,
        reason
    from {{ ref('int_unusual') }}
    union all
    select
        subject_id,
        metric_id,
        period_start,
        reason
    from {{ ref('int_doubts') }}
),

made as (
    select
        metric_id,
        made_from,
        made_how,
        source_id
    from {{ ref('metric_register') }}
    where made_from is not null
),

-- Of what others are made from: every figure in doubt, those in a known fault included.
doubted as (
    select
        subject_id,
        metric_id,
        period_start,
        observations.period_end,
        judged.reason
    from judged
    inner join {{ ref('int_observations') }} as observations using (subject_id, metric_id, period_start)
    where metric_id in (select made.made_from from made)
    union all
    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        state_reason as reason
    from {{ ref('int_observations') }}
    where state = 'suspect' and metric_id in (select made.made_from from made)
),

-- A share of all compared is made of everyone's figures, and is none where something counts in two subjects.
inherited as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        case when made.made_how = 'all figures' then subjects.name || ': ' else '' end || doubted.reason as reason
    from {{ ref('int_observations') }} as observations
    inner join made using (metric_id)
    inner join doubted
        on
            made.made_from = doubted.metric_id
            and (observations.subject_id = doubted.subject_id or made.made_how = 'all figures')
            and observations.period_start <= doubted.period_end
            and observations.period_end >= doubted.period_start
    inner join {{ ref('subjects') }} as subjects on doubted.subject_id = subjects.subject_id
    union all
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        identifiers.identifier || ' is counted in ' || identifiers.shared_by as reason
    from {{ ref('int_observations') }} as observations
    inner join made using (metric_id)
    inner join {{ ref('identifiers') }} as identifiers using (source_id)
    where
        made.made_how = 'all figures'
        and identifiers.shared_by is not null
        and observations.period_start <= coalesce(identifiers.shared_until, 'infinity'::date)
        and observations.period_end >= coalesce(identifiers.shared_from, '-infinity'::date)
),

suspected as (
    select
        subject_id,
        metric_id,
        period_start,
        string_agg(distinct reason, '; ' order by reason) as reason
    from (
        select * from judged
        union all
        select * from inherited
    ) as found
    group by all
),

last_periods as (
    select
        status.subject_id,
        status.metric_id,
        newest.last_start as period_start,
        status.reason as stale_reason
    from {{ ref('int_series_states') }} as status
    inner join {{ ref('int_series') }} as newest using (subject_id, metric_id)
    where status.state = 'stale'
),

revised as (
    select
        subject_id,
        metric_id,
        period_start,
        count(*)::integer as revision
    from {{ ref('revisions') }}
    group by all
)

select
    subject_id,
    metric_id,
    period_start,
    suspected.reason as suspect_reason,
    last_periods.stale_reason,
    coalesce(revised.revision, 0) as revision
from suspected
full outer join last_periods using (subject_id, metric_id, period_start)
full outer join revised using (subject_id, metric_id, period_start)
