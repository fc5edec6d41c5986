-- One row per package and complete UTC month. Unit: downloads.
-- downloads leaves mirrors out: the sum over the installers of the download logs as far as these go, after
-- them pypistats' own figure. So the way of counting changes once at the most, and a hole stays a hole.
with days as (
    select
        package,
        date_trunc('month', day)::date as month,
        category,
        sum(downloads) as downloads,
        max(fetched_at) as fetched_at
    from {{ ref('stg_pypi__overall_days') }}
    group by all
    having count(*) = day(max(last_day(day)))
),

pypistats as (
    select
        package,
        month,
        max(downloads) filter (where category = 'without_mirrors') as downloads,
        max(downloads) filter (where category = 'with_mirrors') as downloads_with_mirrors,
        max(fetched_at) as fetched_at
    from days
    group by all
),

logs as (
    select
        installer_months.package,
        installer_months.month,
        sum(installer_months.downloads) filter (where installers.installer_class is distinct from 'mirror')
            as downloads,
        sum(installer_months.downloads) filter (where installers.installer_class = 'people') as downloads_low,
        max(installer_months.fetched_at) as fetched_at
    from {{ ref('stg_pypi__installer_months') }} as installer_months
    left join {{ ref('installers') }} as installers on installer_months.installer = installers.installer
    group by all
    having max(installer_months.last_day) = last_day(installer_months.month)
),

last_log_months as (
    select
        package,
        max(month) as last_log_month
    from logs
    group by all
)

select
    package,
    month,
    case when month <= last_log_months.last_log_month then logs.downloads else pypistats.downloads end as downloads,
    logs.downloads_low,
    pypistats.downloads_with_mirrors,
    case
        when month <= last_log_months.last_log_month then 'download logs by installer'
        else 'pypistats, mirrors left out'
    end as basis,
    greatest(pypistats.fetched_at, logs.fetched_at) as fetched_at
from logs
full outer join pypistats using (package, month)
left join last_log_months using (package)
