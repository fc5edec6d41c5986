-- One row per subject, week that is over and what GitHub told of its stars, as often as it told something else.
-- Unit: stars.
select
    repositories.subject_id,
    'github_stars_gained' as metric_id,
    weeks.week as period_start,
    'star history' as basis,
    repositories.repository_id::varchar as component,
    weeks.stars_gained::double as value,
    weeks.first_read_at,
    min(weeks.first_read_at) over (partition by repositories.subject_id, weeks.week) as whole_at
from {{ ref('stg_github__star_weeks') }} as weeks
asof inner join {{ ref('int_github__names') }} as names
    on weeks.repository = names.name and weeks.first_read_at::date >= names.observed_on
inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
where weeks.is_over
