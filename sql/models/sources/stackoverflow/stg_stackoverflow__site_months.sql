-- One row per UTC month. Unit: questions of the whole site asked in the month, or in it so far, that still exist.
{{ staged(['month']) }}

with pages as (
    select * from {{ new_pages('stackoverflow', 'site_months') }}
),

parsed as (
    select
        (key || '-01')::date as month,
        (body ->> '$.total')::bigint as questions,
        (body ->> '$.sample') is not null as is_sample,
        fetched_at,
        page_id
    from pages
)

select
    month,
    questions,
    fetched_at >= month + interval 1 month as is_over,
    is_sample,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by month order by fetched_at desc, page_id desc) = 1
