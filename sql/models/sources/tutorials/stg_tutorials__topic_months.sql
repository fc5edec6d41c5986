-- One row per topic, UTC month and stretch of time in which the same was told of it.
-- Unit: repositories with the topic, created in the month, or in it so far.
{{ staged_counts_by_query(
    'tutorials', 'topic_months', component='topic', count='repositories', number='$.total_count'
) }}
