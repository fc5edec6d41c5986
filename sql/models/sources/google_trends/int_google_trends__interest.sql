-- One row per pull, term and period, of both ways to the figures. Unit: index of that pull, 0 to 100.
with pulled as (
    select
        * exclude (category, property),
        nullif('category ' || category, 'category all') as category,
        property || ' search' as origin
    from {{ ref('stg_google_trends__interest') }}
    union all by name
    select
        *,
        'website''s export' as origin
    from {{ ref('stg_google_trends__exported_interest') }}
)

select
    pull,
    origin,
    region,
    category,
    terms,
    window_first_day,
    window_last_day,
    resolution,
    is_sample,
    lower(term) as term,
    period_start,
    {{ trends_period_end('period_start', 'resolution') }} as period_end,
    label,
    interest,
    is_partial,
    content,
    fetched_at
from pulled
