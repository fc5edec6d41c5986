-- One row per family of packages, UTC month and stretch of time in which the same was told of it. Unit: projects.
-- Source: the public ClickHouse copy of the packages' metadata. The first row of an answer stands for all months until
-- its own was over, from which the stocks are reckoned. A month is over when one of a later month stands beside it; the
-- newest is running, or loaded in part.
{{ staged(['family', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('dependents', 'dependent_months') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.sample' as sample,
        from_json(
            body -> '$.data',
            '[{
                "month": "date",
                "released": "bigint",
                "requiring": "bigint",
                "began": "bigint",
                "ceased": "bigint",
                "began_to_offer": "bigint",
                "ceased_to_offer": "bigint"
            }]'
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

standing as (
    select
        key as family,
        sent.month,
        sent.released,
        sent.requiring,
        sum(sent.began - sent.ceased) over so_far as requiring_total,
        sum(sent.began_to_offer - sent.ceased_to_offer) over so_far as offering_total,
        sent.month < max(sent.month) over (partition by page_id) as is_over,
        sent.month = min(sent.month) over (partition by page_id) as stands_for_all_before,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from months
    window so_far as (partition by page_id order by sent.month)
),

parsed as (
    select * exclude (stands_for_all_before)
    from standing
    where not stands_for_all_before
)

select
    family,
    month,
    released,
    requiring,
    10000 * requiring / nullif(released, 0) as requiring_per_10000,
    requiring_total::bigint as requiring_total,
    offering_total::bigint as offering_total,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from
    {{ vintages(
        'parsed',
        ['family', 'month'],
        ['released', 'requiring', 'requiring_total', 'offering_total', 'is_over', 'is_sample'],
    ) }}
