-- One row per tag, UTC month and stretch of time in which the same was told of it.
-- Unit: questions asked in the month, or in it so far, that still exist.
{{ staged_counts_by_query(
    'stackoverflow', 'question_months', component='tag', count='questions', number='$.total'
) }}
