-- One row per package, UTC day, split (system, python_minor) and category. Unit: downloads, mirrors left out.
-- Source: pypistats, which keeps 180 days; unknown is the category of clients that did not say.
{{ staged(['package', 'day', 'split', 'category']) }}

{% set splits = ['system', 'python_minor'] %}
with pages as (
    {% for split in splits %}
        select * from {{ new_pages('pypi', split) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.type' as type,
        body ->> '$.sample' as sample,
        from_json(body -> '$.data', '[{"category": "varchar", "date": "date", "downloads": "bigint"}]') as rows
    from pages
),

days as (
    select
        page_id,
        key,
        fetched_at,
        type,
        sample,
        unnest(rows) as sent
    from answers
),

parsed as (
    select
        key as package,
        sent.date as day,
        replace(type, '_downloads', '') as split,
        case when sent.category = 'null' then 'unknown' else sent.category end as category,
        sent.downloads,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from days
)

select
    package,
    day,
    split,
    category,
    downloads,
    is_sample,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by package, day, split, category order by fetched_at desc, page_id desc) = 1
