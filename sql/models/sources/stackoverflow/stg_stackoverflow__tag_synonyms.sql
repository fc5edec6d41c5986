-- One row per tag that Stack Overflow turns into another, or once did. A new one moves the other's counts.
{{ staged(['from_tag', 'to_tag']) }}

with pages as (
    select * from {{ new_pages('stackoverflow', 'tag_synonyms') }}
),

synonyms as (
    select
        page_id,
        fetched_at,
        unnest(
            from_json(
                body -> '$.items',
                '[{"from_tag": "varchar", "to_tag": "varchar", "creation_date": "bigint"}]'
            )
        ) as sent
    from pages
),

parsed as (
    select
        sent.from_tag,
        sent.to_tag,
        to_timestamp(sent.creation_date)::date as created_on,
        fetched_at,
        page_id
    from synonyms
)

select
    from_tag,
    to_tag,
    created_on,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by from_tag, to_tag order by fetched_at desc, page_id desc) = 1
