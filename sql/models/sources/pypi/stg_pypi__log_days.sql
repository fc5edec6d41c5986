-- One row per package, UTC day that was logged and stretch of time in which the same was told of it.
-- Unit: downloads, by installer ('' where the client did not say); second_count is what another table of the copy
-- counted where that is not the same, as while a day is repaired table by table. Earlier answers have no second count,
-- and are of one package, which their key names.
-- Source: the download logs' ClickHouse copy. A day that is absent was not logged and is unknown; a logged day
-- without an installer is zero. It is known once its counts are the same and a later day stands beside it: the newest
-- may be loaded in part, however old it is, because the copy has stood still for weeks.
{{ staged(['package', 'day', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('pypi', 'log_days') }}
),

-- Read once a page, before its rows are made: an answer may have two megabytes.
answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.spread' as spread,
        from_json(
            body -> '$.data',
            '[{
                "date": "date",
                "package": "varchar",
                "installers": "map(varchar, bigint)",
                "downloads": "bigint",
                "counted": "bigint",
                "sample": "varchar"
            }]'
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
        coalesce(sent.package, split_part(key, ' ', 1)) as package,
        sent.date as day,
        sent.installers,
        sent.downloads,
        nullif(sent.counted, sent.downloads) as second_count,
        sent.date = max(sent.date) over (partition by page_id, package) as is_loading,
        spread is not null as is_spread,
        sent.sample is not null as is_sample,
        fetched_at,
        page_id
    from days
)

select
    package,
    day,
    installers,
    downloads,
    second_count,
    is_loading,
    second_count is null and not is_loading as is_known,
    is_spread,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from
    {{ vintages(
        'parsed',
        ['package', 'day'],
        ['installers', 'downloads', 'second_count', 'is_loading', 'is_spread', 'is_sample'],
    ) }}
