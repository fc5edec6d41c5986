-- One row per package, UTC month and installer ('' where the client did not say). Unit: downloads.
-- Source: the download logs' ClickHouse copy; last_day is the newest day that is in the sum.
{{ config(unique_key=['package', 'month', 'installer']) }}

with pages as (
    select * from {{ new_pages('pypi', 'installer_months') }}
),

months as (
    select
        page_id,
        key,
        fetched_at,
        unnest(
            from_json(
                body -> '$.data',
                '[{"month": "date", "installer": "varchar", "downloads": "bigint", "last_day": "date"}]'
            )
        ) as sent
    from pages
),

parsed as (
    select
        key as package,
        sent.month,
        sent.installer,
        sent.downloads,
        sent.last_day,
        fetched_at,
        page_id
    from months
)

select
    package,
    month,
    installer,
    downloads,
    last_day,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by package, month, installer order by fetched_at desc, page_id desc) = 1
