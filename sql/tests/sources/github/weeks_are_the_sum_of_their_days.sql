-- A week of GitHub's star history is the sum of its seven days, all of which are told.
select
    repository,
    week
from {{ latest(ref('stg_github__star_weeks'), ['repository', 'week']) }}
where
    list_count(stars_gained_by_day) is distinct from 7
    or list_sum(stars_gained_by_day) is distinct from stars_gained
