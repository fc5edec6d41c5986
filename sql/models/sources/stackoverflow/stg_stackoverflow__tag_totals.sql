-- One row per tag and UTC day on which it was asked for. Unit: questions with the tag, ever, that still exist.
{{ staged(['tag', 'observed_on']) }}

with pages as (
    select * from {{ new_pages('stackoverflow', 'tag_totals') }}
),

tags as (
    select
        page_id,
        fetched_at,
        unnest(from_json(body -> '$.items', '[{"name": "varchar", "count": "bigint"}]')) as sent
    from pages
),

parsed as (
    select
        sent.name as tag,
        fetched_at::date as observed_on,
        sent.count as questions,
        fetched_at,
        page_id
    from tags
)

select
    tag,
    observed_on,
    questions,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by tag, observed_on order by fetched_at desc, page_id desc) = 1
