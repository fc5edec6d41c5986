-- One row per subject, metric, UTC month that is over and what was told of it, as often as that was another. Unit:
-- repositories.
{{ vintages_of_counts_by_query(
    ref('stg_tutorials__topic_months'), 'tutorials', component='topic', count='repositories',
    metric_id='topic_repositories_created', basis='repositories that are still there',
) }}
union all
{{ vintages_of_counts_by_query(
    ref('stg_tutorials__tutorial_months'), 'tutorials', component='topic', count='repositories',
    metric_id='tutorials_created', basis='repositories that are still there',
) }}
