-- One row per subject and UTC month in which so few of its closed pull requests count as merged that a program of its
-- own must be merging them, which GitHub does not count.
with closed as (
    select * from {{ latest(ref('stg_github_issues__pulls_closed'), ['repository', 'month']) }}
),

merged as (
    select * from {{ latest(ref('stg_github_issues__pulls_merged'), ['repository', 'month']) }}
)

select
    identifiers.subject_id,
    'github_pulls_merged' as metric_id,
    merged.month as period_start,
    format(
        '{:,d} of {:,d} closed pull requests count as merged: others are taken in by a program of the project',
        merged.pulls, closed.pulls
    ) as reason
from merged
inner join closed using (repository, month)
inner join {{ source('raw', 'identifiers') }} as identifiers
    on merged.repository = identifiers.identifier and identifiers.source_id = 'github_issues'
where closed.pulls >= 20 and merged.pulls < 0.25 * closed.pulls
