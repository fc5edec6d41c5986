-- One row per subject and week in which its article's views broke down to a part of what they were, and stayed there:
-- since when, until when (null where they still do), and both levels. Unit: views a day, medians.
-- So looks an article that was moved or renamed: redirects keep a few of its views. In ten years of days of stars, in
-- which three projects were news and were forgotten, no week after a launch is below a fifth of the eight before it;
-- the lowest is a third (2026-11-29, star days of tensorflow, pytorch and keras, 2015 to 2025).
-- Of fewer views a day than the least level nothing is said.
{{ config(materialized='table') }}
{% set level_break, least_level = 5, 20 %}
with weeks as (
    select
        subject_id,
        week,
        views,
        list(views) over eight_before as views_before,
        max(views) over eight_before as most_before,
        max(views) over four_weeks as most_after
    from {{ ref('int_wikipedia__weeks') }}
    window
        eight_before as (
            partition by subject_id order by week - date '2000-01-03' range between 56 preceding and 7 preceding
        ),
        four_weeks as (
            partition by subject_id order by week - date '2000-01-03' range between current row and 21 following
        )
),

broken as (
    select
        subject_id,
        week,
        most_after,
        list_median(views_before) as usual
    from weeks
    where
        views * {{ level_break }} <= most_before
        and len(views_before) >= 6
        and usual >= {{ least_level }}
        -- A level, and no spike that ends.
        and list_min(views_before) * 3 >= usual
        and most_after * {{ level_break }} <= usual
),

-- A week that is half of each level can lie between.
stretches as (
    select
        broken.subject_id,
        broken.week,
        broken.usual,
        min(later.week) as back_in
    from broken
    left join {{ ref('int_wikipedia__weeks') }} as later
        on
            broken.subject_id = later.subject_id
            and broken.week < later.week
            and broken.usual <= later.views * 2
    group by all
),

days as (
    select
        subject_id,
        period_start as day,
        value
    from {{ ref('int_observations') }}
    where metric_id = 'wikipedia_pageviews' and subject_id in (select stretches.subject_id from stretches)
),

bounds as (
    select
        stretches.subject_id,
        stretches.week,
        stretches.usual,
        max(days.day) filter (where days.day < stretches.week + 7 and days.value * 2 >= stretches.usual) + 1
            as broken_on,
        min(days.day) filter (where days.day >= stretches.back_in - 6 and days.value * 2 >= stretches.usual)
            as back_on
    from stretches
    inner join days using (subject_id)
    group by all
)

select
    bounds.subject_id,
    bounds.week,
    bounds.broken_on,
    bounds.back_on,
    bounds.usual,
    median(days.value) as level
from bounds
inner join days
    on
        bounds.subject_id = days.subject_id
        and bounds.broken_on <= days.day
        and coalesce(bounds.back_on, 'infinity') > days.day
group by all
