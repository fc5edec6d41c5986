-- One row per package, UTC month and stretch of time in which the same was told of it. Unit: requests for its files.
{{ staged_counts_by_query('jsdelivr', 'month_hits', component='package', count='requests', number='$.hits.total') }}
