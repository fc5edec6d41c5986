-- One row per subject and complete month of California days. Unit: stars given that still stand.
with days as (
    select
        repository,
        week + unnest(range(7))::integer as day,
        unnest(stars_gained_by_day) as stars_gained,
        asked_on
    from {{ ref('stg_github__star_weeks') }}
),

months as (
    select
        repository,
        date_trunc('month', day)::date as month,
        sum(stars_gained) as stars_gained
    from days
    where day < asked_on
    group by all
    having count(*) = day(max(last_day(day)))
)

select
    identifiers.subject_id,
    months.month,
    months.stars_gained::bigint as stars_gained
from months
inner join {{ source('raw', 'identifiers') }} as identifiers
    on months.repository = identifiers.identifier and identifiers.source_id = 'github'
