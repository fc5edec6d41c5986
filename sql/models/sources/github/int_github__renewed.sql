-- One row per grain of GitHub's metrics: the first day that the answers since the last whole build tell of, and so
-- whose figures may change; null where they tell of none.
with new_counters as (
    select min(observed_on) as first_day
    from {{ ref('stg_github__repository') }}
    where {{ since_last_build() }}
),

-- A week that begins on another day than before replaces the one whose days it shares.
new_weeks as (
    select min(week) - 6 as first_day
    from {{ ref('stg_github__star_weeks') }}
    where {{ since_last_build() }}
),

new_periods as (
    select
        'day' as grain,
        first_day
    from new_counters
    union all
    select
        'week' as grain,
        first_day
    from new_weeks
    union all
    select
        'month' as grain,
        date_trunc('month', first_day)::date as first_day
    from new_weeks
),

-- A name that is new, or that is known to have changed its meaning, may bring another repository's past.
doubtful_names as (
    select name
    from {{ ref('int_github__names') }}
    group by all
    having count(*) > 1 or {{ since_last_build('min(first_page_id)') }}
)

select
    grain,
    case when exists (from doubtful_names) then date '-infinity' else first_day end as first_day
from new_periods
