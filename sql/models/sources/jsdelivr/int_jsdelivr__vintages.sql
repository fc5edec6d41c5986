-- One row per subject, UTC month and what was told of it, as often as that was another. Unit: requests.
{{ vintages_of_counts_by_query(
    ref('stg_jsdelivr__months'), 'jsdelivr', component='package', count='requests',
    metric_id='jsdelivr_requests', basis='all versions of the package',
) }}
