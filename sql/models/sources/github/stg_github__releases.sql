-- One row per release, as it was last told. A draft has no time of publishing; one that is withdrawn stays.
{{ staged(['release_id']) }}

with pages as (
    select * from {{ new_pages('github', 'releases') }}
),

releases as (
    select
        page_id,
        key,
        fetched_at,
        unnest(
            from_json(
                body,
                '[{"id": "bigint", "tag_name": "varchar", "name": "varchar", "published_at": "varchar", '
                || '"draft": "boolean", "prerelease": "boolean", "html_url": "varchar"}]'
            )
        ) as sent
    from pages
),

parsed as (
    select
        sent.id as release_id,
        split_part(key, ' ', 1) as repository,
        sent.tag_name,
        sent.name,
        sent.published_at::timestamptz as published_at,
        sent.draft as is_draft,
        sent.prerelease as is_prerelease,
        sent.html_url as url,
        fetched_at,
        page_id
    from releases
)

select
    release_id,
    repository,
    tag_name,
    name,
    published_at,
    is_draft,
    is_prerelease,
    url,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by release_id order by fetched_at desc, page_id desc) = 1
