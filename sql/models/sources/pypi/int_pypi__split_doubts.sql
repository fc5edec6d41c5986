-- One row per package, UTC day and split whose categories do not add up to what pypistats told of the day, without
-- mirrors, when the split was read. Unit: downloads.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with splits as (
    select
        package,
        day,
        split,
        sum(downloads) as downloads,
        max(fetched_at)::date as read_on
    from {{ of_renewed_packages(ref('stg_pypi__split_days')) }}
    group by all
),

-- A day that is told with mirrors alone is zero without them.
told as (
    select
        splits.package,
        splits.day,
        splits.split,
        any_value(splits.downloads)::bigint as downloads,
        coalesce(max(days.downloads) filter (where days.category = 'without_mirrors'), 0) as downloads_of_the_day
    from splits
    inner join {{ of_renewed_packages(ref('stg_pypi__overall_days')) }} as days
        on
            splits.package = days.package
            and splits.day = days.day
            and splits.read_on between days.first_read_at::date and days.fetched_at::date
    group by all
)

select
    package,
    day,
    split,
    downloads,
    downloads_of_the_day
from told
where downloads <> downloads_of_the_day
