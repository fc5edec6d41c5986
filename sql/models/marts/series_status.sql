-- One row per compared subject and metric of the sources that it is asked for at: how old its newest whole period is,
-- and what is to be said of that.
select
    subject_id,
    metric_id,
    last_period,
    observed_at,
    ended_on,
    lag_days,
    expected_lag_days,
    late_from,
    stale_from,
    state,
    reason
from {{ ref('int_series_states') }}
where subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects)
