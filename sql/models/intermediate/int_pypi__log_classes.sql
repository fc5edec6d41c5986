-- One row per package, logged UTC day and installer class; zero where none of the class downloaded. Unit: downloads.
{{ config(materialized='table') }}

with log_days as (
    select * from {{ latest(ref('stg_pypi__log_days'), ['package', 'day']) }}
),

classes as (
    select distinct installer_class from {{ ref('installers') }}
),

entries as (
    select
        package,
        day,
        unnest(map_entries(installers)) as entry
    from log_days
),

-- An installer that the table does not list may be anything.
class_days as (
    select
        entries.package,
        entries.day,
        coalesce(installers.installer_class, 'unknown') as installer_class,
        sum(entries.entry.value)::bigint as downloads
    from entries
    left join {{ ref('installers') }} as installers on lower(entries.entry.key) = lower(installers.installer)
    group by all
)

select
    log_days.package,
    log_days.day,
    classes.installer_class,
    coalesce(class_days.downloads, 0) as downloads,
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
