-- One row per tag, UTC month and stretch of time in which the same was told of it.
-- Unit: questions asked in the month, or in it so far, that still exist.
{{ staged(['tag', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('stackoverflow', 'question_months') }}
),

parsed as (
    select
        split_part(key, ' ', 1) as tag,
        (split_part(key, ' ', 2) || '-01')::date as month,
        (body ->> '$.total')::bigint as questions,
        (body ->> '$.sample') is not null as is_sample,
        fetched_at >= month + interval 1 month as is_over,
        fetched_at,
        page_id
    from pages
)

select
    tag,
    month,
    questions,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['tag', 'month'], ['questions', 'is_over', 'is_sample']) }}
