-- One row per subject, metric and period. The last period of a source that went stale is marked so.
with judged as (
    select
        observations.*,
        status.state as source_state,
        observations.period_start = max(observations.period_start)
            over (partition by observations.subject_id, observations.metric_id) as is_last
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('metrics') }} using (metric_id)
    inner join {{ ref('source_status') }} as status using (source_id)
)

select
    subject_id,
    metric_id,
    period_start,
    period_end,
    value,
    low,
    high,
    case when state = 'ok' and is_last and source_state = 'stale' then 'stale' else state end as state,
    basis,
    observed_at,
    0 as revision
from judged
