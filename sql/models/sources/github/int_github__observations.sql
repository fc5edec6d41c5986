-- One row per subject, GitHub metric and period: counters by day, stars gained by GitHub's own week
-- and by complete month.
with gained as (
    select
        subject_id,
        'github_stars_gained' as metric_id,
        week as period_start,
        week + 6 as period_end,
        stars_gained,
        case when is_over then 'ok' else 'partial' end as state,
        fetched_at
    from {{ ref('int_github__star_weeks') }}
    union all
    select
        subject_id,
        'github_stars_gained_monthly' as metric_id,
        month as period_start,
        last_day(month) as period_end,
        stars_gained,
        'ok' as state,
        fetched_at
    from {{ ref('int_github__stars_gained_monthly') }}
)

{{ observed_counters(
    ref('int_github__counters'),
    counters={
        'github_stars_total': 'stars',
        'github_forks_total': 'forks',
        'github_open_issues': 'open_issues',
        'github_subscribers_total': 'subscribers',
    },
    basis='repository counter',
) }}
union all
select
    subject_id,
    metric_id,
    period_start,
    period_end,
    stars_gained::double as value,
    null::double as low,
    null::double as high,
    state,
    'star history' as basis,
    fetched_at as observed_at
from gained
