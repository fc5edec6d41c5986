-- One row per subject, metric, UTC month that is over and what was told of it, as often as that was another. Unit:
-- projects, and of 10,000 with a release those that require it.
select
    subject_id,
    metric_id,
    month as period_start,
    'declared requirements' as basis,
    family as component,
    value,
    first_read_at,
    min(first_read_at) over (partition by subject_id, metric_id, month) as whole_at
from {{ ref('int_dependents__subject_months') }}
where is_over
