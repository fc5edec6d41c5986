-- An answer tells of every day that an earlier one told of at its end; both end with the newest that is loaded.
-- A warning: what was told stays, but the newest answer is older than it says.
{{ config(severity='warn') }}

with days as (
    select
        package,
        'the download logs' as interface,
        day,
        fetched_at
    from {{ ref('stg_pypi__log_days') }}
    union all
    select
        package,
        'pypistats' as interface,
        day,
        fetched_at
    from {{ ref('stg_pypi__overall_days') }}
),

newest as (
    select
        package,
        interface,
        max(day) as last_day,
        arg_max(day, (fetched_at, day)) as last_day_now
    from days
    group by all
)

select
    package || ': ' || interface || ' tell of days up to ' || last_day_now || ', expected ' || last_day
    || ' as before, or later' as finding
from newest
where last_day_now < last_day
