-- One row per subject and UTC day of which the views of each article that counts are known. Unit: views of these
-- articles, added up.
{{ observed_period_counts(
    ref('stg_wikipedia__pageview_days'), ref('int_wikipedia__articles'),
    component='article', period='day', count='views',
    metric_id='wikipedia_pageviews', basis='English Wikipedia, readers on all devices',
) }}
-- In order of time, as all observations are kept.
order by period_start
