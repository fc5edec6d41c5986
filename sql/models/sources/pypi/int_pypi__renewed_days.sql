-- One row per package of which the answers since the last whole build tell days: the first of its days whose rows they
-- may change; '-infinity' for all, where these are more than those of a year, or follow on a gap in the logs.
{{ config(materialized='table') }}

with logged as (
    select
        package,
        min(day) as first_day
    from {{ ref('stg_pypi__log_days') }}
    where {{ since_last_build() }}
    group by all
),

day_before as (
    select
        logs.package,
        arg_max(logs.is_known, (logs.fetched_at, logs.page_id)) as is_known
    from {{ ref('stg_pypi__log_days') }} as logs
    inner join logged on logs.package = logged.package and logged.first_day = logs.day + 1
    group by all
),

-- As far as the logs go pypistats is not asked, not even of a gap between what they told before and now.
told as (
    select
        logged.package,
        case when day_before.is_known then logged.first_day else '-infinity'::date end as day
    from logged
    left join day_before using (package)
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
