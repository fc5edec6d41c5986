-- One row per word, UTC month and stretch of time in which the same was told of it. Unit: mentions, stories and
-- comments together; items are all of the month's, stories and comments alike.
-- Source: the public ClickHouse copy of Hacker News. Items come in order of time, so a month is over when one of a
-- later month stands beside it; the newest is running, or loaded in part.
{{ staged(['word', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('hacker_news', 'mention_months') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.sample' as sample,
        from_json(
            body -> '$.data',
            '[{"month": "date", "stories": "bigint", "comments": "bigint", "items": "bigint"}]'
        ) as rows
    from pages
),

months as (
    select
        page_id,
        key,
        fetched_at,
        sample,
        unnest(rows) as sent
    from answers
),

parsed as (
    select
        key as word,
        sent.month,
        sent.stories + sent.comments as mentions,
        sent.items,
        sent.month < max(sent.month) over (partition by page_id) as is_over,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from months
)

select
    word,
    month,
    mentions,
    items,
    10000 * mentions / nullif(items, 0) as mentions_per_10000,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['word', 'month'], ['mentions', 'items', 'is_over', 'is_sample']) }}
