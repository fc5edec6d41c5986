-- One row per tag and UTC month. Unit: questions asked in the month that still exist and have no answer at all.
{{ staged_latest_counts_by_query(
    'stackoverflow', 'unanswered_months', component='tag', count='unanswered', number='$.total'
) }}
