-- One row per subject and period of a series that a macro of the published file makes.
select
    subject_id,
    $first_day as first_day,
    $last_day as last_day,
    $value as value,
    null::double as low,
    $high as high,
    state,
    basis,
    case when state = 'suspect' then state_reason end as reason
from (from $rows)
where isfinite($value)
order by subject_id, first_day
