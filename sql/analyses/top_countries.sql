-- Where do downloads come from? Countries by their share of the last four weeks known, with the share unknown.
with days as (
    select
        *,
        max(day) over (partition by subject_id) as last_day
    from package_downloads_split
    where split = 'country'
),

countries as (
    select
        subject_id as subject,
        category as country,
        min(day) as first_day,
        max(last_day) as last_day,
        sum(downloads)::bigint as downloads,
        state_of(max(doubt_of(state))) as state
    from days
    where day > last_day - 28
    group by all
),

shares as (
    select
        *,
        downloads / sum(downloads) over (partition by subject) as share,
        rank() over (partition by subject order by country = 'unknown', downloads desc) as place
    from countries
)

select
    subject,
    case when country <> 'unknown' then place end as place,
    country,
    share,
    downloads,
    last_day,
    state
from shares
where place <= 10 or country = 'unknown'
order by subject asc, country = 'unknown' asc, downloads desc, country asc
