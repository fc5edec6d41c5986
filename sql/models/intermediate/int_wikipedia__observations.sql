-- One row per subject and UTC day that is known. Unit: views of the subject's article.
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
    days.day as period_end,
    days.views::double as value,
    null::double as low,
    null::double as high,
    case when days.is_sample then 'sample' else 'ok' end as state,
    'English Wikipedia, readers on all devices' as basis,
    days.fetched_at as observed_at
from {{ latest(ref('stg_wikipedia__pageview_days'), ['article', 'day']) }} as days
inner join identifiers using (article)
