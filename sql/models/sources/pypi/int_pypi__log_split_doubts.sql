-- One row per package, UTC day and split of the download logs whose categories do not add up to the day's downloads by
-- installer as told on the day of reading, or where these were not told, by version. Unit: downloads, mirrors left out.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with entries as (
    select
        package,
        day,
        first_read_at::date as first_read_on,
        fetched_at::date as last_read_on,
        unnest(map_entries(installers)) as entry
    from {{ of_renewed_packages(ref('stg_pypi__log_days')) }}
    where is_known
),

log_days as (
    select
        entries.package,
        entries.day,
        entries.first_read_on,
        entries.last_read_on,
        sum(entries.entry.value)
        filter (where coalesce(installers.installer_class, 'unknown') <> 'mirror')::bigint as downloads
    from entries
    left join {{ ref('installers') }} as installers on lower(entries.entry.key) = lower(installers.installer)
    group by all
),

splits as (
    select
        package,
        day,
        split,
        list_sum(map_values(categories))::bigint as downloads,
        downloads as downloads_by_version,
        fetched_at::date as read_on
    from {{ of_renewed_packages(ref('stg_pypi__log_splits')) }}
)

select
    splits.package,
    splits.day,
    splits.split,
    splits.downloads,
    coalesce(max(log_days.downloads), any_value(splits.downloads_by_version)) as downloads_of_the_day
from splits
left join log_days
    on
        splits.package = log_days.package
        and splits.day = log_days.day
        and splits.read_on between log_days.first_read_on and log_days.last_read_on
group by all
having not coalesce(
    bool_or(splits.downloads = log_days.downloads), splits.downloads = any_value(splits.downloads_by_version)
)
