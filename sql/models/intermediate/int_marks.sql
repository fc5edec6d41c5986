-- One row per observation of which something is to be said beside its figure: that it is unusual or in doubt, that
-- it is the last of a series that went stale, or that the source has changed it.
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

last_periods as (
    select
        status.subject_id,
        status.metric_id,
        newest.last_start as period_start,
        status.reason as stale_reason
    from {{ ref('series_status') }} as status
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
