-- One row per subject, metric and UTC month; the running one with what it has so far. Unit: projects, and of 10,000
-- with a release those that require it.
select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value,
    null::double as low,
    null::double as high,
    case
        when not is_over then 'partial'
        when is_sample then 'sample'
        else 'ok'
    end as state,
    'declared requirements' as basis,
    fetched_at as observed_at
from {{ latest(ref('int_dependents__subject_months'), ['subject_id', 'metric_id', 'month']) }}
