-- One row per package of a subject and month of which every day is known: downloads, known mirrors left out.
-- Packages that another one pulls in are not counted, so that the packages add up to the subject's downloads.
with days as (
    select
        package,
        day,
        sum(downloads) as downloads,
        string_agg(distinct basis, '; ' order by basis) as basis,
        bool_or(state = 'sample') as is_sample,
        bool_or(state = 'suspect') as is_suspect,
        bool_or(state = 'partial') as is_partial
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
    case when bool_or(is_sample) then 'sample' when bool_or(is_suspect) then 'suspect' else 'ok' end as state,
    string_agg(distinct basis, '; ' order by basis) as basis,
    null::varchar as reason
from days
where not is_partial
group by package, first_day, last_day
having count(*) = day(last_day)
order by subject_id, first_day
