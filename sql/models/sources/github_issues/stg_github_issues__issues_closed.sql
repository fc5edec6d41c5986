-- One row per repository, UTC month and stretch of time in which the same was told of it.
-- Unit: issues closed in the month, or in it so far.
{{ staged_counts_by_query(
    'github_issues', 'issues_closed', component='repository', count='issues', number='$.total_count'
) }}
