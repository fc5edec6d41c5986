-- One row per repository and week, named by its Sunday as GitHub labels it. Unit: stars given that still stand.
-- The days of a week are calendar days of California, not UTC days; days still to come are sent as zero.
{{ config(unique_key=['repository', 'week']) }}

with pages as (
    select * from {{ new_pages('github', 'star_history') }}
),

weeks as (
    select
        page_id,
        key,
        fetched_at,
        unnest(from_json(body, '[{"week": "bigint", "total": "bigint", "days": ["bigint"]}]')) as sent
    from pages
),

parsed as (
    select
        split_part(key, ' ', 1) as repository,
        to_timestamp(sent.week)::date as week,
        sent.total as stars_gained,
        sent.days as stars_gained_by_day,
        (fetched_at at time zone 'America/Los_Angeles')::date as asked_on,
        fetched_at,
        page_id
    from weeks
)

select
    repository,
    week,
    stars_gained,
    stars_gained_by_day,
    asked_on,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by repository, week order by fetched_at desc, page_id desc) = 1
