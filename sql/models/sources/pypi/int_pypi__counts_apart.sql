-- One row per package, grain (day, month), period and way of counting (without mirrors, with them) that the download
-- logs and pypistats tell further apart than two counts of one log can lie. Unit: downloads by pypistats' rule, on the
-- days that both tell. Figures that were spread over days or made by a formula are not compared.
{{ config(materialized='table') }}

with both_told as (
    select
        logs.package,
        logs.day,
        logs.counted_by_pypistats as logged,
        pypistats.downloads as told,
        logs.downloads + logs.left_out as logged_with_mirrors,
        pypistats.with_mirrors as told_with_mirrors
    from {{ ref('int_pypi__package_days') }} as logs
    inner join {{ ref('int_pypi__pypistats_days') }} as pypistats using (package, day)
    where
        logs.basis = 'download logs by installer'
        and not logs.is_made
        and not (pypistats.is_spread or pypistats.is_sample)
),

counts as (
    select
        package,
        day,
        'without mirrors' as counted,
        logged,
        told
    from both_told
    union all
    select
        package,
        day,
        'with mirrors' as counted,
        logged_with_mirrors as logged,
        told_with_mirrors as told
    from both_told
),

periods as (
    select
        package,
        'day' as grain,
        day as first_day,
        1 as days,
        counted,
        logged,
        told
    from counts
    where told is not null
    union all
    select
        package,
        'month' as grain,
        date_trunc('month', day)::date as first_day,
        count(*) as days,
        counted,
        sum(logged)::bigint as logged,
        sum(told)::bigint as told
    from counts
    where told is not null
    group by all
)

select
    periods.package,
    periods.grain,
    periods.first_day,
    periods.days,
    periods.counted,
    periods.logged,
    periods.told
from periods
inner join {{ ref('download_doubts') }} as thresholds on thresholds.doubt = periods.grain || ' counted apart'
where
    abs(periods.logged - periods.told)
    > thresholds.share * greatest(periods.logged, periods.told)
    + thresholds.roots * sqrt(greatest(periods.logged, periods.told))
