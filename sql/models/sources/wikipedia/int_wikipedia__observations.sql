-- One row per subject and UTC day of which the views of each article that counts are known. Unit: views of these
-- articles, added up.
select
    articles.subject_id,
    'wikipedia_pageviews' as metric_id,
    days.day as period_start,
    days.day as period_end,
    sum(days.views)::double as value,
    null::double as low,
    null::double as high,
    case when bool_or(days.is_sample) then 'sample' else 'ok' end as state,
    'English Wikipedia, readers on all devices' as basis,
    max(days.fetched_at) as observed_at
from {{ latest(ref('stg_wikipedia__pageview_days'), ['article', 'day']) }} as days
inner join {{ ref('int_wikipedia__articles') }} as articles
    on days.article = articles.article and days.day between articles.first_day and articles.last_day
group by articles.subject_id, days.day
having count(*) = any_value(articles.articles)
