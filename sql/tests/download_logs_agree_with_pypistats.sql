-- On the days of the last half year that both tell, the download logs and pypistats count alike in each month,
-- mirrors left out: within 15 percent, because two such counts of 2025 lay up to 11 percent apart.
-- A warning: which of the two is wrong is not known, and each figure says who counted.
{{ config(severity='warn') }}

with both_told as (
    select
        package,
        date_trunc('month', day)::date as month,
        logs.downloads as logged,
        pypistats.downloads as told
    from {{ ref('int_pypi__package_days') }} as logs
    inner join {{ ref('int_pypi__pypistats_days') }} as pypistats using (package, day)
    where logs.basis = 'download logs by installer'
    qualify day > max(day) over (partition by package) - 180
),

months as (
    select
        package,
        month,
        count(*) as days,
        sum(logged) as logged,
        sum(told) as told
    from both_told
    group by all
)

select
    format(
        '{} {}: {} downloads logged on {} days, {} told by pypistats, expected 85 to 115 percent of it',
        package, strftime(month, '%Y-%m'), logged, days, told
    ) as finding
from months
where logged not between 0.85 * told and 1.15 * told
