-- One row per subject, GitHub metric and period: counters by day, stars gained by GitHub's own week.
-- Of a repository that was asked for under two names on one day, the later answer counts.
with counters as (
    unpivot (
        select
            repository_id,
            observed_on,
            fetched_at,
            page_id,
            stars as github_stars_total,
            forks as github_forks_total,
            open_issues as github_open_issues,
            subscribers as github_subscribers_total
        from {{ ref('stg_github__repository') }}
    )
    on github_stars_total, github_forks_total, github_open_issues, github_subscribers_total
    into name metric_id value count
),

counted as (
    select
        repositories.subject_id,
        counters.metric_id,
        counters.observed_on as period_start,
        counters.observed_on as period_end,
        counters.count,
        'ok' as state,
        'repository counter' as basis,
        counters.fetched_at
    from counters
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    qualify row_number() over (
        partition by repositories.subject_id, counters.metric_id, counters.observed_on
        order by counters.fetched_at desc, counters.page_id desc
    ) = 1
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
