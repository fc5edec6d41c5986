-- A week of GitHub's star history is the sum of its seven days.
select
    repository,
    week
from {{ latest(ref('stg_github__star_weeks'), ['repository', 'week']) }}
where len(stars_gained_by_day) <> 7 or list_sum(stars_gained_by_day) <> stars_gained
