-- One row per $whose and period of one metric.
select
    $id,
    period_start as first_day,
    period_end as last_day,
    value,
    low,
    high,
    state,
    basis,
    case when state = 'suspect' then state_reason end as reason
from $table
where metric_id = '$metric' and isfinite(value)
order by subject_id, first_day
