-- One row per subject, metric and UTC month; the running one with what it has so far. Unit: repositories.
{{ observed_counts_by_query(
    ref('stg_tutorials__topic_months'), 'tutorials', component='topic', count='repositories',
    metric_id='topic_repositories_created', basis='repositories that are still there',
) }}
union all
{{ observed_counts_by_query(
    ref('stg_tutorials__tutorial_months'), 'tutorials', component='topic', count='repositories',
    metric_id='tutorials_created', basis='repositories that are still there',
) }}
