-- One row per repository, UTC month and stretch of time in which the same was told of it.
-- Unit: pull requests that GitHub merged in the month, or in it so far.
{{ staged_counts_by_query(
    'github_issues', 'pulls_merged', component='repository', count='pulls', number='$.total_count'
) }}
