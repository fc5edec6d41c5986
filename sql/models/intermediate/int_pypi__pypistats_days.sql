-- One row per package and UTC day that pypistats told. Unit: downloads, of mirrors and of all others.
with counted as (
    select
        package,
        day,
        max(downloads) filter (where category = 'with_mirrors') as with_mirrors,
        max(downloads) filter (where category = 'without_mirrors') as without_mirrors,
        bool_or(is_spread) as is_spread,
        bool_or(is_sample) as is_sample,
        max(fetched_at) as fetched_at
    from {{ latest(ref('stg_pypi__overall_days'), ['package', 'day', 'category']) }}
    group by all
)

select
    package,
    day,
    without_mirrors as downloads,
    -- The one includes the other; where it is less, the two were counted apart.
    case when with_mirrors >= without_mirrors then with_mirrors - without_mirrors end as mirror_downloads,
    is_spread,
    is_sample,
    fetched_at
from counted
where without_mirrors is not null
