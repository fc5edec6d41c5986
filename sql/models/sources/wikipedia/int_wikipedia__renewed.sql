-- One row: the first day of pageviews that the answers since the last whole build tell of, and so whose figures may
-- change.
select
    'day' as grain,
    min(day) as first_day
from {{ ref('stg_wikipedia__pageview_days') }}
where {{ since_last_build() }}
