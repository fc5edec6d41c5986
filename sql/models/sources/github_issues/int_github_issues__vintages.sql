-- One row per subject, metric, UTC month that is over and what was told of it, as often as that was another. Unit:
-- issues, pull requests.
{{ vintages_of_counts_by_query(
    ref('stg_github_issues__issues_opened'), 'github_issues', component='repository', count='issues',
    metric_id='github_issues_opened', basis='issues that still exist',
) }}
union all
{{ vintages_of_counts_by_query(
    ref('stg_github_issues__issues_closed'), 'github_issues', component='repository', count='issues',
    metric_id='github_issues_closed', basis='issues that are still closed',
) }}
union all
{{ vintages_of_counts_by_query(
    ref('stg_github_issues__pulls_closed'), 'github_issues', component='repository', count='pulls',
    metric_id='github_pulls_closed', basis='pull requests that are still closed',
) }}
union all
{{ vintages_of_counts_by_query(
    ref('stg_github_issues__pulls_merged'), 'github_issues', component='repository', count='pulls',
    metric_id='github_pulls_merged', basis='pull requests that GitHub merged',
) }}
