-- One row per package of a subject and month of which every day is known: downloads by every class of installer.
with days as (
    select
        package,
        day,
        sum(downloads) as downloads
    from package_downloads_daily
    where subject_id = '$subject'
    group by all
)

select
    package as subject_id,
    date_trunc('month', day)::date as first_day,
    last_day(date_trunc('month', day)) as last_day,
    sum(downloads)::double as value,
    null::double as low,
    null::double as high,
    'ok' as state,
    null as basis
from days
group by all
having count(*) = day(last_day(any_value(day)))
order by subject_id, first_day
