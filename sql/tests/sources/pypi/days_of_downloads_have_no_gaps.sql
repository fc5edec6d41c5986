-- No day of a package is unknown to both the download logs and pypistats, but those of the register.
-- A warning: a hole stays a hole, and its month has no figure.
{{ config(severity='warn') }}

with gaps as (
    select
        package,
        day + 1 as first_day,
        lead(day) over (partition by package order by day) - 1 as last_day
    from {{ ref('int_pypi__package_days') }}
)

select package || ': nothing known of ' || {{ stretch('first_day', 'last_day') }} as finding
from gaps
where last_day >= first_day and not {{ is_known_gap('\'pypi_downloads\'', 'first_day', 'last_day') }}
