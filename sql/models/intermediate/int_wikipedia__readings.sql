-- One row per subject, UTC day that Wikimedia told in more than one way, as often as it told another. Unit: views.
with identifiers as (
    select
        subject_id,
        identifier as article
    from {{ source('raw', 'identifiers') }}
    where source_id = 'wikipedia'
)

select
    identifiers.subject_id,
    'wikipedia_pageviews' as metric_id,
    days.day as period_start,
    'English Wikipedia, readers on all devices' as basis,
    days.article as component,
    days.views::double as value,
    days.first_read_at,
    min(days.first_read_at) over (partition by days.article, days.day) as whole_at
from {{ ref('stg_wikipedia__pageview_days') }} as days
inner join identifiers using (article)
where days.first_read_at::date > days.day
-- Nearly all is told once, and of that there is nothing to compare.
qualify count(*) over (partition by days.article, days.day) > 1
