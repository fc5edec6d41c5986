-- One row per installer class of a subject and month that the download logs tell whole: downloads.
-- Known mirrors are left out, and so are packages that another one pulls in. A month in which one class fetched
-- all is left out too: only it was asked for.
with days as (
    select
        package,
        day,
        date_trunc('month', day)::date as month,
        installer_class,
        downloads,
        basis,
        state,
        state_reason,
        installer_class not in ('mirror', 'mirror_or_unnamed', 'undivided') as is_divided
    from package_downloads_daily
    where subject_id = '$subject' and is_counted and state <> 'partial'
),

months as (
    select month
    from days
    group by month
    having
        count(distinct (package, day)) filter (where is_divided) = count(distinct package) * day(last_day(month))
        and count(distinct installer_class) filter (where is_divided and downloads > 0) > 1
)

select
    installer_class as subject_id,
    month as first_day,
    last_day(month) as last_day,
    sum(downloads)::double as value,
    null::double as low,
    null::double as high,
    state_of(max(doubt_of(state))) as state,
    string_agg(distinct basis, '; ' order by basis) as basis,
    told_of_days(
        list(distinct day) filter (where state_reason is not null),
        list(state_reason) filter (where state_reason is not null)
    ) as reason
from days
inner join months using (month)
where is_divided
group by installer_class, month
order by subject_id, first_day
