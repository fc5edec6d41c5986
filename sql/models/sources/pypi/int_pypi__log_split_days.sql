-- One row per package, UTC day, split (minor_version, country) and category of the download logs. Unit: downloads,
-- mirrors left out. A country that the logs do not know is unknown.
with entries as (
    select
        package,
        day,
        split,
        is_sample,
        fetched_at,
        unnest(map_entries(categories)) as entry
    from {{ ref('stg_pypi__log_splits') }}
)

select
    package,
    day,
    split,
    coalesce(nullif(entry.key, ''), 'unknown') as category,
    entry.value as downloads,
    is_sample,
    fetched_at
from entries
