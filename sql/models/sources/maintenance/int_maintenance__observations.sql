-- One row per subject, metric and UTC month; the running one with what it has so far. Unit: commits, authors, and a
-- share of the commits.
{{ observed_counts_by_query(
    ref('int_maintenance__months'), 'maintenance', component='repository', count='commits',
    metric_id='maintenance_commits', basis='commits that merge no others',
) }}
union all
{{ observed_counts_by_query(
    ref('int_maintenance__months'), 'maintenance', component='repository', count='author_count',
    metric_id='maintenance_authors', basis='addresses of people, after the mailmap',
) }}
union all
{{ observed_counts_by_query(
    ref('int_maintenance__months'), 'maintenance', component='repository', count='newcomers',
    metric_id='maintenance_newcomers', basis='addresses of people, after the mailmap',
) }}
union all
{{ observed_counts_by_query(
    ref('int_maintenance__months'), 'maintenance', component='repository', count='returning_authors',
    metric_id='maintenance_returning', basis='addresses of people, after the mailmap',
) }}
union all
{{ observed_counts_by_query(
    ref('int_maintenance__months'), 'maintenance', component='repository', count='bot_share',
    metric_id='maintenance_bot_share', basis='commits that merge no others',
) }}
