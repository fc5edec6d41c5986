-- One row per subject, metric and period. Unusual figures are marked, never left out, and so is the last
-- period of a source that went stale.
with revised as (
    select
        subject_id,
        metric_id,
        period_start,
        count(*)::integer as revision
    from {{ ref('revisions') }}
    group by all
),

judged as (
    select
        observations.*,
        unusual.reason as unusual_reason,
        status.reason as source_reason,
        observations.state = 'ok' and unusual.reason is not null as is_unusual,
        observations.state = 'ok'
        and status.state = 'stale'
        and observations.period_start = max(observations.period_start)
            over (partition by observations.subject_id, observations.metric_id) as is_stale,
        coalesce(revised.revision, 0) as revision
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('metrics') }} using (metric_id)
    inner join {{ ref('source_status') }} as status using (source_id)
    left join {{ ref('int_unusual') }} as unusual using (subject_id, metric_id, period_start)
    left join revised using (subject_id, metric_id, period_start)
)

select
    subject_id,
    metric_id,
    period_start,
    period_end,
    value,
    low,
    high,
    case when is_unusual then 'suspect' when is_stale then 'stale' else state end as state,
    case when is_unusual then unusual_reason when is_stale then source_reason else state_reason end as state_reason,
    basis,
    observed_at,
    revision
from judged
