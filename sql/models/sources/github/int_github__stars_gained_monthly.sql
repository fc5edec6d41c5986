-- One row per subject and complete month of California days. Unit: stars given that still stand.
with days as (
    select
        subject_id,
        week + unnest(range(7))::integer as day,
        unnest(stars_gained_by_day) as stars_gained,
        asked_on,
        fetched_at
    from {{ ref('int_github__star_weeks') }}
)

select
    subject_id,
    date_trunc('month', day)::date as month,
    sum(stars_gained)::bigint as stars_gained,
    max(fetched_at) as fetched_at
from days
where day < asked_on
group by all
having count(*) = day(max(last_day(day)))
