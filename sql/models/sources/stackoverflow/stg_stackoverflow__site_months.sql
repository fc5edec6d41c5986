-- One row per UTC month. Unit: questions of the whole site asked in the month, or in it so far, that still exist.
{{ staged_latest_counts_by_query(
    'stackoverflow', 'site_months', component=none, count='questions', number='$.total'
) }}
