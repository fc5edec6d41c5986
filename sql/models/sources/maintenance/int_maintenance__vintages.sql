-- One row per subject, metric, UTC month that is over and what was told of it, as often as that was another. Unit:
-- commits, and authors.
{{ vintages_of_counts_by_query(
    ref('stg_maintenance__commit_months'), 'maintenance', component='repository', count='commits',
    metric_id='maintenance_commits', basis='commits that merge no others',
) }}
union all
{{ vintages_of_counts_by_query(
    ref('stg_maintenance__commit_months'), 'maintenance', component='repository', count='author_count',
    metric_id='maintenance_authors', basis='addresses of people, after the mailmap',
) }}
