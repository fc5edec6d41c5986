-- One row per package of which the answers since the last whole build tell days: the first of its days whose rows they
-- may change; '-infinity' for all, where these are more than those of a year.
{{ config(materialized='table') }}

with logged as (
    select
        package,
        min(day) as first_day
    from {{ ref('stg_pypi__log_days') }}
    where {{ since_last_build() }}
    group by all
),

-- As far as the logs go pypistats is not asked, not even of the days between what they told before and now.
last_known as (
    select
        logs.package,
        max(logs.day) as last_day
    from {{ latest(ref('stg_pypi__log_days'), ['package', 'day']) }} as logs
    inner join logged on logs.package = logged.package and logs.day < logged.first_day
    where logs.is_known
    group by all
),

told as (
    select
        logged.package,
        coalesce(last_known.last_day + 1, '-infinity'::date) as day
    from logged
    left join last_known using (package)
    {% for model in ['stg_pypi__overall_days', 'stg_pypi__split_days', 'stg_pypi__log_splits'] %}
        union all
        select
            package,
            min(day) as day
        from {{ ref(model) }}
        where {{ since_last_build() }}
        group by all
    {% endfor %}
),

-- A day is judged by the months on either side of its own, and by the days beside it.
months as (
    select
        package,
        date_trunc('month', min(day)) - interval 2 month as first_day
    from told
    group by all
)

select
    months.package,
    case
        when months.first_day >= build.built_at::date - 366 then months.first_day::date
        else '-infinity'::date
    end as first_day
from months
cross join {{ source('raw', 'build') }} as build
