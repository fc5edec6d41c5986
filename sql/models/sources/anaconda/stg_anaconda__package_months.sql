-- One row per package of a channel, UTC month and stretch of time in which the same was told of it. Unit: downloads.
-- Source: Anaconda's monthly files, a row of which is one version of a package for a platform. A package that a file
-- does not have is unknown there, null and not zero.
{{ staged(['package', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('anaconda', 'month_rows') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        from_json(body -> '$.rows', '[["json"]]') as rows
    from pages
),

parsed as (
    select
        split_part(key, ' ', 1) as package,
        (split_part(key, ' ', 2) || '-01')::date as month,
        -- The last of a row's columns, as the collector asks for them.
        list_sum([(told[6])::bigint for told in rows])::bigint as downloads,
        fetched_at,
        page_id
    from answers
)

select
    package,
    month,
    downloads,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['package', 'month'], ['downloads']) }}
