-- One row per subject and week of its repository's star history, as last read under any of its names.
-- The history does not tell the repository's id; the name that was asked for does, as it was meant that day.
-- GitHub does not promise on which day its weeks begin: of two that share days the one that was read later counts.
with last_read as (
    select
        repositories.subject_id,
        weeks.week,
        weeks.stars_gained,
        weeks.stars_gained_by_day,
        weeks.is_over,
        (weeks.fetched_at at time zone 'America/Los_Angeles')::date as asked_on,
        weeks.fetched_at
    from {{ ref('stg_github__star_weeks') }} as weeks
    asof inner join {{ ref('int_github__names') }} as names
        on weeks.repository = names.name and weeks.fetched_at::date >= names.observed_on
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    qualify row_number() over (
        partition by repositories.subject_id, weeks.week order by weeks.fetched_at desc, weeks.page_id desc
    ) = 1
)

select
    subject_id,
    week,
    stars_gained,
    stars_gained_by_day,
    is_over,
    asked_on,
    fetched_at
from last_read
window in_time as (partition by subject_id order by week)
qualify
    coalesce(week - lag(week) over in_time >= 7 or lag(fetched_at) over in_time <= fetched_at, true)
    and coalesce(lead(week) over in_time - week >= 7 or lead(fetched_at) over in_time < fetched_at, true)
