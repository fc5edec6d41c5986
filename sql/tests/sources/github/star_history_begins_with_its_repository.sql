-- No star was given before the week in which the repository was created.
-- An error: the history is then of another repository, which had the name before.
with created as (
    select
        repositories.subject_id,
        max(counters.created_on) as created_on
    from {{ ref('stg_github__repository') }} as counters
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    group by all
)

select
    weeks.subject_id || ': stars in the week of ' || min(weeks.week) || ', expected none before '
    || created.created_on || ', when the repository was created' as finding
from {{ ref('int_github__star_weeks') }} as weeks
inner join created using (subject_id)
where weeks.stars_gained > 0 and weeks.week + 6 < created.created_on
group by weeks.subject_id, created.created_on
