-- One row per article of the English Wikipedia, UTC day and stretch of time in which the same was told of it.
-- Unit: views by readers, on all devices.
-- Source: Wikimedia, which leaves days without views out; a day that is absent is unknown, not zero.
{{ staged(['article', 'day', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('wikipedia', 'pageview_days') }}
),

-- Read whole, and once: what is read beside an unnested list is read again for every one of its days.
answers as (
    select
        page_id,
        fetched_at,
        from_json(
            body,
            '{"items": [{"article": "varchar", "timestamp": "varchar", "views": "bigint"}], "sample": "varchar"}'
        ) as answer
    from pages
),

days as (
    select
        page_id,
        fetched_at,
        answer.sample,
        unnest(answer.items) as sent
    from answers
),

parsed as (
    select
        sent.article,
        strptime(sent.timestamp, '%Y%m%d00')::date as day,
        sent.views,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from days
)

select
    article,
    day,
    views,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['article', 'day'], ['views', 'is_sample']) }}
-- In order of time, so that a further day is compared with the last ones alone.
order by day
