-- One row per repository, week, named by its Sunday as GitHub labels it, and stretch of time in which the same was
-- told of it. Unit: stars given that still stand.
-- The days of a week are calendar days of California, not UTC days; days still to come are sent as zero.
{{ staged(['repository', 'week', 'first_read_at']) }}

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
        week + 6 < (fetched_at at time zone 'America/Los_Angeles')::date as is_over,
        fetched_at,
        page_id
    from weeks
)

select
    repository,
    week,
    stars_gained,
    stars_gained_by_day,
    is_over,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['repository', 'week'], ['stars_gained', 'stars_gained_by_day', 'is_over']) }}
