-- One row per observation of which something is to be said beside its figure: that it is unusual or in doubt, that
-- it is the last of a source that went stale, or that the source has changed it.
{{ config(materialized='table') }}

with suspected as (
    select
        subject_id,
        metric_id,
        period_start,
        string_agg(reason, '; ' order by reason) as reason
    from (
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
    )
    group by all
),

stale_metrics as (
    select
        metrics.metric_id,
        status.reason
    from {{ ref('metrics') }} as metrics
    inner join {{ ref('source_status') }} as status using (source_id)
    where status.state = 'stale'
),

last_periods as (
    select
        observations.subject_id,
        observations.metric_id,
        max(observations.period_start) as period_start,
        any_value(stale_metrics.reason) as source_reason
    from {{ ref('int_observations') }} as observations
    inner join stale_metrics using (metric_id)
    group by all
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
    last_periods.source_reason,
    coalesce(revised.revision, 0) as revision
from suspected
full outer join last_periods using (subject_id, metric_id, period_start)
full outer join revised using (subject_id, metric_id, period_start)
