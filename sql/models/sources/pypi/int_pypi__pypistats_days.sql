-- One row per package and UTC day that pypistats told after it was over. Unit: downloads, without its mirrors and the
-- clients that did not say who they are; what it leaves out so; and all together.
-- A day that is told with mirrors alone is zero without them.
with counted as (
    select
        package,
        day,
        max(downloads) filter (where category = 'with_mirrors') as with_mirrors,
        coalesce(max(downloads) filter (where category = 'without_mirrors'), 0) as without_mirrors,
        bool_or(is_spread) as is_spread,
        bool_or(is_sample) as is_sample,
        max(fetched_at) as fetched_at
    from {{ latest(ref('stg_pypi__overall_days'), ['package', 'day', 'category']) }}
    where day < fetched_at::date
    group by all
)

select
    package,
    day,
    without_mirrors as downloads,
    -- The one includes the other; where it is less, the two were counted apart.
    case when with_mirrors >= without_mirrors then with_mirrors - without_mirrors end as left_out,
    with_mirrors,
    is_spread,
    is_sample,
    fetched_at
from counted
