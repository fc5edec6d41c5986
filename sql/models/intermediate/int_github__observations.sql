-- One row per subject, GitHub metric and period: counters by day, stars gained by GitHub's own week.
with identifiers as (
    select
        subject_id,
        identifier
    from {{ source('raw', 'identifiers') }}
    where source_id = 'github'
),

counters as (
    unpivot (
        select
            repository,
            observed_on,
            fetched_at,
            stars as github_stars_total,
            forks as github_forks_total,
            open_issues as github_open_issues
        from {{ ref('stg_github__repository') }}
    )
    on github_stars_total, github_forks_total, github_open_issues
    into name metric_id value count
),

counted as (
    select
        repository,
        metric_id,
        observed_on as period_start,
        observed_on as period_end,
        count,
        'ok' as state,
        'repository counter' as basis,
        fetched_at
    from counters
),

gained as (
    select
        repository,
        'github_stars_gained' as metric_id,
        week as period_start,
        week + 6 as period_end,
        stars_gained as count,
        case when week + 6 < asked_on then 'ok' else 'partial' end as state,
        'star history' as basis,
        fetched_at
    from {{ ref('stg_github__star_weeks') }}
),

both_kinds as (
    select * from counted
    union all by name
    select * from gained
)

select
    identifiers.subject_id,
    both_kinds.metric_id,
    both_kinds.period_start,
    both_kinds.period_end,
    both_kinds.count::double as value,
    null::double as low,
    null::double as high,
    both_kinds.state,
    both_kinds.basis,
    both_kinds.fetched_at as observed_at
from both_kinds
inner join identifiers on both_kinds.repository = identifiers.identifier
