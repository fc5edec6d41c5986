-- One row per topic, UTC month and stretch of time in which the same was told of it.
-- Unit: repositories with the topic that call themselves tutorials, created in the month, or in it so far.
{{ staged_counts_by_query(
    'tutorials', 'tutorial_months', component='topic', count='repositories', number='$.total_count'
) }}
