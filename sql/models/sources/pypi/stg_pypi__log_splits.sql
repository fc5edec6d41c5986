-- One row per package, UTC day that was logged and split (minor_version, country), as the logs told it last.
-- Unit: downloads by category, mirrors left out; '' is a country that the logs do not know.
-- Source: the download logs' ClickHouse copy. The newest day of an answer may be loaded in part, and is left out; by
-- country only an answer's last days are told. A day on which nobody downloaded is absent.
{{ staged(['package', 'day', 'split']) }}

with pages as (
    select * from {{ new_pages('pypi', 'log_splits') }}
),

-- Read once a page, before its rows are made.
answers as (
    select
        page_id,
        fetched_at,
        body ->> '$.sample' as sample,
        from_json(
            body -> '$.data',
            '[{
                "date": "date",
                "package": "varchar",
                "versions": "map(varchar, bigint)",
                "countries": "map(varchar, bigint)",
                "downloads": "bigint"
            }]'
        ) as rows
    from pages
),

days as (
    select
        page_id,
        fetched_at,
        sample,
        unnest(rows) as sent
    from answers
),

whole_days as (
    select * from days
    qualify sent.date < max(sent.date) over (partition by page_id)
),

parsed as (
    select
        sent.package,
        sent.date as day,
        unnest(['minor_version', 'country']) as split,
        unnest([sent.versions, sent.countries]) as categories,
        sent.downloads,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from whole_days
)

select
    package,
    day,
    split,
    categories,
    downloads,
    is_sample,
    fetched_at,
    page_id
from parsed
where cardinality(categories) > 0
qualify row_number() over (partition by package, day, split order by fetched_at desc, page_id desc) = 1
