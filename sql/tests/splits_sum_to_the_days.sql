-- The categories of a split sum to pypistats' downloads of the day without mirrors, when both were read on one day.
{{ config(severity='warn') }}

with splits as (
    select
        package,
        day,
        split,
        sum(downloads) as downloads,
        max(fetched_at)::date as read_on
    from {{ ref('stg_pypi__split_days') }}
    group by all
)

select
    splits.package,
    splits.day,
    splits.split,
    splits.downloads,
    overall_days.downloads as downloads_of_the_day
from splits
inner join {{ latest(ref('stg_pypi__overall_days'), ['package', 'day', 'category']) }} as overall_days
    using (package, day)
where
    overall_days.category = 'without_mirrors'
    and overall_days.fetched_at::date = splits.read_on
    and overall_days.downloads is distinct from splits.downloads
