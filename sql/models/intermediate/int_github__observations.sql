-- One row per subject, GitHub metric and period: counters by day, stars gained by GitHub's own week.
with counted as (
    unpivot (
        select
            subject_id,
            observed_on as period_start,
            observed_on as period_end,
            'ok' as state,
            'repository counter' as basis,
            fetched_at,
            stars as github_stars_total,
            forks as github_forks_total,
            open_issues as github_open_issues,
            subscribers as github_subscribers_total
        from {{ ref('int_github__counters') }}
    )
    on github_stars_total, github_forks_total, github_open_issues, github_subscribers_total
    into name metric_id value count
),

gained as (
    select
        subject_id,
        'github_stars_gained' as metric_id,
        week as period_start,
        week + 6 as period_end,
        stars_gained as count,
        case when is_over then 'ok' else 'partial' end as state,
        'star history' as basis,
        fetched_at
    from {{ ref('int_github__star_weeks') }}
),

both_kinds as (
    select * from counted
    union all by name
    select * from gained
)

select
    subject_id,
    metric_id,
    period_start,
    period_end,
    count::double as value,
    null::double as low,
    null::double as high,
    state,
    basis,
    fetched_at as observed_at
from both_kinds
