-- One row per package, logged UTC day and installer class; zero where none of the class downloaded. Unit: downloads,
-- those of them that pypistats counts without mirrors apart. A day that the logs count in two ways is left out.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with log_days as (
    select * from {{ latest(of_renewed_packages(ref('stg_pypi__log_days')), ['package', 'day']) }}
),

classes as (
    select distinct installer_class from {{ ref('installers') }}
),

class_days as (
    select
        package,
        day,
        installer_class,
        sum(downloads)::bigint as downloads,
        sum(downloads) filter (where not left_out_by_pypistats)::bigint as counted_by_pypistats
    from {{ of_renewed_packages(ref('int_pypi__installer_days')) }}
    group by all
)

select
    log_days.package,
    log_days.day,
    classes.installer_class,
    coalesce(class_days.downloads, 0) as downloads,
    coalesce(class_days.counted_by_pypistats, 0) as counted_by_pypistats,
    log_days.is_loading,
    log_days.is_spread,
    log_days.is_sample,
    log_days.fetched_at
from log_days
cross join classes
left join class_days
    on
        log_days.package = class_days.package
        and log_days.day = class_days.day
        and classes.installer_class = class_days.installer_class
where log_days.second_count is null
