-- One row per package, UTC day and basis: the download logs by installer, and pypistats. Unit: downloads.
-- downloads leaves mirrors out. A day that may still be loading is not known yet.
with logs as (
    select
        package,
        day,
        'download logs by installer' as basis,
        sum(downloads) filter (where installer_class <> 'mirror') as downloads,
        sum(downloads) filter (where installer_class = 'people') as people_downloads,
        sum(downloads) filter (where installer_class = 'mirror') as mirror_downloads,
        any_value(is_sample) as is_sample,
        any_value(fetched_at) as fetched_at
    from {{ ref('int_pypi__log_classes') }}
    where not is_loading
    group by all
)

select
    package,
    day,
    basis,
    downloads::bigint as downloads,
    people_downloads::bigint as people_downloads,
    mirror_downloads::bigint as mirror_downloads,
    is_sample,
    fetched_at
from logs
union all by name
select
    package,
    day,
    'pypistats, mirrors left out' as basis,
    downloads,
    null::bigint as people_downloads,
    mirror_downloads,
    is_sample,
    fetched_at
from {{ ref('int_pypi__pypistats_days') }}
