-- One row per package, logged UTC day and installer that fetched it, with the installer's class. Unit: downloads.
-- An installer that the table does not list may be anything.
with log_days as (
    select * from {{ latest(ref('stg_pypi__log_days'), ['package', 'day']) }}
),

entries as (
    select
        package,
        day,
        unnest(map_entries(installers)) as entry
    from log_days
)

select
    entries.package,
    entries.day,
    entries.entry.key as installer,
    coalesce(installers.installer_class, 'unknown') as installer_class,
    entries.entry.value as downloads
from entries
left join {{ ref('installers') }} as installers on lower(entries.entry.key) = lower(installers.installer)
