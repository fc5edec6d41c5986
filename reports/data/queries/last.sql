-- One row per subject and metric: its newest figure of a period that is over and not unusual.
select
    subject_id,
    metric_id,
    period_start as first_day,
    period_end as last_day,
    value,
    state,
    observed_at,
    revision
from observations
where state not in ('partial', 'suspect') and isfinite(value)
qualify row_number() over (partition by subject_id, metric_id order by period_start desc) = 1
