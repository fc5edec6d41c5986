-- How old are the figures of each source today, and why are they not newer?
select
    source_id as source,
    state,
    last_period,
    lag_days,
    expected_lag_days,
    last_attempt_at,
    reason
from sources_at(clock())
order by lag_days / nullif(expected_lag_days, 0) desc nulls first, source
