-- One row per article of the English Wikipedia, UTC day and stretch of time in which the same was told of it.
-- Unit: views by readers, on all devices.
-- Source: Wikimedia, which leaves days without views out; a day that is absent is unknown, not zero.
{{ staged_period_counts(
    'wikipedia', 'pageview_days',
    answer='{"items": [{"article": "varchar", "timestamp": "varchar", "views": "bigint"}], "sample": "varchar"}',
    rows='items',
    component=('article', 'sent.article'),
    period=('day', "strptime(sent.timestamp, '%Y%m%d00')::date"),
    count=('views', 'sent.views'),
) }}
