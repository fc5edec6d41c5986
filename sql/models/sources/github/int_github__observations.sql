-- One row per subject, GitHub metric and period: counters by day, stars gained by GitHub's own week
-- and by complete month.
-- One select a counter, and no unpivot, which DuckDB does before it leaves out the days that nobody asked for.
{%- set counters = {
    'github_stars_total': 'stars',
    'github_forks_total': 'forks',
    'github_open_issues': 'open_issues',
    'github_subscribers_total': 'subscribers',
} %}
with counted as (
    {% for metric_id, counter in counters.items() %}
        select
            subject_id,
            '{{ metric_id }}' as metric_id,
            observed_on as period_start,
            observed_on as period_end,
            {{ counter }} as count,
            'ok' as state,
            'repository counter' as basis,
            fetched_at
        from {{ ref('int_github__counters') }}
        where {{ counter }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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

gained_monthly as (
    select
        subject_id,
        'github_stars_gained_monthly' as metric_id,
        month as period_start,
        last_day(month) as period_end,
        stars_gained as count,
        'ok' as state,
        'star history' as basis,
        fetched_at
    from {{ ref('int_github__stars_gained_monthly') }}
),

every_kind as (
    select * from counted
    union all by name
    select * from gained
    union all by name
    select * from gained_monthly
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
from every_kind
