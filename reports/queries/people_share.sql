-- One row per subject and month: the part of its downloads that people's installers fetched.
-- Known where the download logs tell installers apart: not where one fetched all, for then only it was asked for.
select
    subject_id,
    period_start as first_day,
    period_end as last_day,
    low / value as value,
    null::double as low,
    null::double as high,
    state,
    basis,
    case when state = 'suspect' then state_reason end as reason
from observations
where metric_id = 'pypi_downloads' and isfinite(low / value) and low < value
order by subject_id, first_day
