-- One row per subject and UTC month. Unit: requests for files of its package.
{{ observed_counts_by_query(
    ref('stg_jsdelivr__months'), 'jsdelivr', component='package', count='requests',
    metric_id='jsdelivr_requests', basis='all versions of the package',
) }}
