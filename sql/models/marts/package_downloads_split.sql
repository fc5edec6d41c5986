-- One row per subject, package of its family, UTC day, split (system, python_minor) and category.
-- Unit: downloads, mirrors left out; the categories of a split sum to all of them.
select
    days.package,
    identifiers.subject_id,
    days.day,
    days.split,
    days.category,
    days.downloads,
    case when days.is_sample then 'sample' else 'ok' end as state
from {{ ref('stg_pypi__split_days') }} as days
inner join {{ source('raw', 'identifiers') }} as identifiers
    on days.package = identifiers.identifier and identifiers.source_id = 'pypi'
