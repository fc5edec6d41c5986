-- One row per package, UTC day and basis whose downloads are in doubt: what was found, and beside what. Of several
-- doubts about a day the one that says most stands. Unit: downloads.
{{ config(materialized='table') }}

with apart as (
    select
        package,
        first_day as day,
        unnest(['download logs by installer', 'pypistats, mirrors left out']) as basis,
        case counted when 'without mirrors' then 1 else 2 end as rank,
        'counted apart ' || counted as doubt,
        logged as found,
        told as beside
    from {{ ref('int_pypi__counts_apart') }}
    where grain = 'day'
),

impossible as (
    select
        days.package,
        days.day,
        'pypistats, mirrors left out' as basis,
        3 as rank,
        'beside its count with mirrors' as doubt,
        days.downloads as found,
        days.with_mirrors as beside
    from {{ ref('int_pypi__pypistats_days') }} as days
    inner join {{ ref('download_doubts') }} as thresholds on thresholds.doubt = 'mirrors alone'
    where days.with_mirrors < days.downloads or (days.downloads = 0 and days.with_mirrors > thresholds.least)
),

months as (
    select
        package,
        basis,
        date_trunc('month', day)::date as month,
        quantile_cont(downloads, 0.25) as lower_quartile,
        median(downloads) as usual
    from {{ ref('int_pypi__package_days') }}
    where not is_made
    group by all
    having count(*) >= 14
),

around as (
    select
        before.package,
        before.basis,
        (before.month + interval 1 month)::date as month,
        least(before.lower_quartile, after.lower_quartile) as lower_quartile,
        least(before.usual, after.usual)::bigint as usual
    from months as before
    left join months as after
        on
            before.package = after.package
            and before.basis = after.basis
            and before.month + interval 2 month = after.month
),

below as (
    select
        days.package,
        days.day,
        days.basis,
        days.downloads,
        around.usual,
        days.downloads < far.share * around.lower_quartile - far.roots * sqrt(around.lower_quartile) as is_far
    from {{ ref('int_pypi__package_days') }} as days
    inner join {{ ref('download_doubts') }} as far on far.doubt = 'day far below its neighbours'
    inner join {{ ref('download_doubts') }} as beside on beside.doubt = 'day beside one far below'
    inner join around
        on
            days.package = around.package
            and days.basis = around.basis
            and date_trunc('month', days.day) = around.month
    where
        days.downloads < beside.share * around.lower_quartile - beside.roots * sqrt(around.lower_quartile)
        and not days.is_made
),

-- Where days are lost, those at the edges are lost in part.
far_below as (
    select
        package,
        day,
        basis,
        4 as rank,
        'far below' as doubt,
        downloads as found,
        usual as beside
    from below
    where
        is_far
        or exists (
            select 1 from below as next_to
            where
                next_to.package = below.package
                and next_to.basis = below.basis
                and abs(next_to.day - below.day) = 1
                and next_to.is_far
        )
)

select
    package,
    day,
    basis,
    doubt,
    found,
    beside
from (
    select * from apart
    union all
    select * from impossible
    union all
    select * from far_below
) as every_doubt
qualify row_number() over (partition by package, day, basis order by rank) = 1
