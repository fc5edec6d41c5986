-- Of the half year that pypistats keeps, enough days are told of each package that is older than that.
-- A warning: the download logs count the same days, and a month that lacks one has no figure.
{{ config(severity='warn') }}

with kept as (
    select
        package,
        max(fetched_at)::date - 180 as first_day
    from {{ ref('stg_pypi__overall_days') }}
    group by all
),

begun as (
    select
        package,
        min(day) as first_known
    from (
        select
            package,
            day
        from {{ ref('stg_pypi__overall_days') }}
        union all
        select
            package,
            day
        from {{ ref('stg_pypi__log_days') }}
    )
    group by all
),

measured as (
    select
        days.package as name,
        count(distinct days.day) filter (where days.day >= kept.first_day)::double as quantity
    from {{ ref('stg_pypi__overall_days') }} as days
    inner join kept using (package)
    inner join begun using (package)
    where begun.first_known < kept.first_day
    group by all
)

{{ outside_expectation('measured', 'pypi', 'days_told') }}
