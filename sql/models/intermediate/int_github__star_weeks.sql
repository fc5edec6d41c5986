-- One row per subject and week of its repository's star history, as last read under any of its names.
-- The history does not tell the repository's id; the name that was asked for does, as it was meant that day.
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
