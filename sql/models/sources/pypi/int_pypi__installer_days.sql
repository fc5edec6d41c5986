-- One row per package, logged UTC day and installer that fetched it, with the installer's class and whether pypistats
-- leaves it out of its count without mirrors. Unit: downloads. An installer that the table does not list may be
-- anything. A day that the logs count in two ways is left out.
with log_days as (
    select * from {{ latest(ref('stg_pypi__log_days'), ['package', 'day']) }}
),

entries as (
    select
        package,
        day,
        unnest(map_entries(installers)) as entry
    from log_days
    where second_count is null
)

select
    entries.package,
    entries.day,
    entries.entry.key as installer,
    coalesce(installers.installer_class, 'unknown') as installer_class,
    coalesce(installers.left_out_by_pypistats, false) as left_out_by_pypistats,
    entries.entry.value as downloads
from entries
-- The logs call nothing what the table has no name for.
left join {{ ref('installers') }} as installers on lower(entries.entry.key) = lower(coalesce(installers.installer, ''))
