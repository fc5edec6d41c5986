-- One row per subject, package of its family, UTC day, split (system, python_minor) and category.
-- Unit: downloads, mirrors left out; the categories of a split sum to all of them, or are suspect.
select
    days.package,
    identifiers.subject_id,
    days.day,
    days.split,
    days.category,
    days.downloads,
    case
        when days.is_sample then 'sample'
        when doubts.package is not null then 'suspect'
        else 'ok'
    end as state,
    case
        when not days.is_sample
            then format(
                '{:,} downloads of all categories, {:,} of the day', doubts.downloads, doubts.downloads_of_the_day
            )
    end as state_reason
from {{ ref('stg_pypi__split_days') }} as days
inner join {{ source('raw', 'identifiers') }} as identifiers
    on days.package = identifiers.identifier and identifiers.source_id = 'pypi'
left join {{ ref('int_pypi__split_doubts') }} as doubts using (package, day, split)
where days.day < days.fetched_at::date
