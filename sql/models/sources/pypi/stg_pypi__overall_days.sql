-- One row per package, UTC day, category (with_mirrors, without_mirrors) and stretch of time in which the same was
-- told of it. Unit: downloads.
-- Source: pypistats, which keeps 180 days; a day that is absent is unknown, not zero.
{{ staged(['package', 'day', 'category', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('pypi', 'overall') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.spread' as spread,
        from_json(
            body -> '$.data',
            '[{"category": "varchar", "date": "date", "downloads": "bigint", "sample": "varchar"}]'
        ) as rows
    from pages
),

days as (
    select
        page_id,
        key,
        fetched_at,
        spread,
        unnest(rows) as sent
    from answers
),

parsed as (
    select
        key as package,
        sent.date as day,
        sent.category,
        sent.downloads,
        spread is not null as is_spread,
        sent.sample is not null as is_sample,
        fetched_at,
        page_id
    from days
)

select
    package,
    day,
    category,
    downloads,
    is_spread,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['package', 'day', 'category'], ['downloads', 'is_spread', 'is_sample']) }}
