-- How many stars did each subject gain in each of the last 26 weeks?
select
    period_start as week_from_sunday,
    subject_id as subject,
    value as stars_gained,
    avg(value) over (
        partition by subject_id order by period_start
        range between interval 21 day preceding and current row
    ) as mean_of_4_weeks,
    state
from observations
where metric_id = 'github_stars_gained'
qualify
    period_start > max(period_start) over () - 7 * coalesce(getvariable('weeks'), '26')::integer
order by week_from_sunday desc, stars_gained desc
