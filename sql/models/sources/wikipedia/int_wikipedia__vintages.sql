-- One row per subject, UTC day and article that Wikimedia told in more than one way, as often as it told another.
-- Unit: views.
{{ vintages_of_period_counts(
    ref('stg_wikipedia__pageview_days'), ref('int_wikipedia__articles'),
    component='article', period='day', count='views',
    metric_id='wikipedia_pageviews', basis='English Wikipedia, readers on all devices',
) }}
