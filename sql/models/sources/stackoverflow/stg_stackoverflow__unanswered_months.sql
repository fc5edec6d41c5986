-- One row per tag and UTC month. Unit: questions asked in the month that still exist and have no answer at all.
{{ staged(['tag', 'month']) }}

with pages as (
    select * from {{ new_pages('stackoverflow', 'unanswered_months') }}
),

parsed as (
    select
        split_part(key, ' ', 1) as tag,
        (split_part(key, ' ', 2) || '-01')::date as month,
        (body ->> '$.total')::bigint as unanswered,
        (body ->> '$.sample') is not null as is_sample,
        fetched_at,
        page_id
    from pages
)

select
    tag,
    month,
    unanswered,
    fetched_at >= month + interval 1 month as is_over,
    is_sample,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by tag, month order by fetched_at desc, page_id desc) = 1
