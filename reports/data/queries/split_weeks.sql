-- One row per category of a subject's split and week, Monday to Sunday, of which every day is known: downloads.
-- The seven categories that fetched most stand by name, and those whose client or place is unknown. Packages that
-- another one pulls in are left out. Of the last $weeks weeks.
with counted as (
    select distinct
        package,
        day
    from package_downloads_daily
    where subject_id = '$subject' and is_counted
),

days as (
    select
        counted.package,
        counted.day,
        date_trunc('week', counted.day)::date as monday,
        case split.category when 'Darwin' then 'macOS' else split.category end as category,
        split.downloads,
        split.state,
        split.state_reason
    from counted
    left join package_downloads_split as split
        on
            counted.package = split.package
            and counted.day = split.day
            and split.subject_id = '$subject'
            and split.split = '$split'
    where counted.day >= (select max(newest.day) from counted as newest) - 7 * $weeks
),

weeks as (
    select monday
    from days
    group by monday
    having count(distinct (package, day)) filter (where category is not null) = count(distinct package) * 7
),

most_fetched as (
    select category
    from days
    where category is not null
    group by category
    qualify row_number() over (order by sum(downloads) desc, category) <= 7 or category = 'unknown'
)

select
    coalesce(most_fetched.category, 'other') as subject_id,
    days.monday as first_day,
    (days.monday + 6)::date as last_day,
    sum(days.downloads)::double as value,
    null::double as low,
    null::double as high,
    state_of(max(doubt_of(days.state))) as state,
    case when '$split' in ('minor_version', 'country') then 'download logs' else 'pypistats' end as basis,
    told_of_days(
        list(distinct days.day) filter (where days.state_reason is not null),
        list(days.state_reason) filter (where days.state_reason is not null)
    ) as reason
from days
inner join weeks using (monday)
left join most_fetched using (category)
where days.category is not null
group by all
order by subject_id, first_day
