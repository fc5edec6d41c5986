-- One row per word, UTC month of the threads "Who is hiring?" and stretch of time in which the same was told of it.
-- Unit: posts; hiring_posts are those that name the word, posts all of the month's.
-- Source: the public ClickHouse copy of Hacker News. A month is over when a thread of a later one stands beside it; the
-- newest is running, or loaded in part. A month without a thread is absent.
{{ staged(['word', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('hacker_news', 'hiring_months') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        from_json(
            body -> '$.data',
            '[{"month": "date", "naming": "bigint", "posts": "bigint", "sample": "varchar"}]'
        ) as rows
    from pages
),

months as (
    select
        page_id,
        key,
        fetched_at,
        unnest(rows) as sent
    from answers
),

parsed as (
    select
        key as word,
        sent.month,
        sent.naming as hiring_posts,
        sent.posts,
        sent.month < max(sent.month) over (partition by page_id) as is_over,
        sent.sample is not null as is_sample,
        fetched_at,
        page_id
    from months
    -- Under 1970 stands what is no post.
    where sent.month > date '1970-01-01'
)

select
    word,
    month,
    hiring_posts,
    posts,
    1000 * hiring_posts / nullif(posts, 0) as hiring_posts_per_1000,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['word', 'month'], ['hiring_posts', 'posts', 'is_over', 'is_sample']) }}
