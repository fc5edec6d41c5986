-- One row per package of a subject and month of which every day is known and counted in one way: downloads, known
-- mirrors left out.
-- Packages that another one pulls in are not counted, so that the packages add up to the subject's downloads.
with days as (
    select
        package,
        day,
        sum(downloads) as downloads,
        basis,
        max(doubt_of(state)) as doubt,
        told_once(list(state_reason)) as reason
    from package_downloads_daily
    where subject_id = '$subject' and is_counted and installer_class not in ('mirror', 'mirror_or_unnamed')
    group by all
)

select
    package as subject_id,
    date_trunc('month', day)::date as first_day,
    last_day(date_trunc('month', day)) as last_day,
    sum(downloads)::double as value,
    null::double as low,
    null::double as high,
    state_of(max(doubt)) as state,
    basis,
    told_of_days(
        list(day) filter (where reason is not null),
        list(reason) filter (where reason is not null)
    ) as reason
from days
where state_of(doubt) <> 'partial'
group by package, first_day, last_day, basis
having count(*) = day(last_day)
order by subject_id, first_day
