-- One row per subject and month in which any community metric is known.
with counters as (
    select
        subject_id,
        date_trunc('month', period_start)::date as month,
        arg_max(value, period_start) filter (where metric_id = 'github_stars_total')::bigint as stars_total,
        arg_max(value, period_start) filter (where metric_id = 'github_forks_total')::bigint as forks_total,
        arg_max(value, period_start) filter (where metric_id = 'github_open_issues')::bigint as open_issues,
        arg_max(value, period_start) filter (where metric_id = 'github_subscribers_total')::bigint
            as subscribers_total,
        max(value) filter (where metric_id = 'stackoverflow_questions')::bigint as questions
    from {{ ref('observations') }}
    where
        metric_id in (
            'github_stars_total', 'github_forks_total', 'github_open_issues', 'github_subscribers_total',
            'stackoverflow_questions'
        )
    group by all
),

months as (
    select
        subject_id,
        month,
        counters.stars_total,
        gained.stars_gained,
        counters.forks_total,
        counters.open_issues,
        counters.subscribers_total,
        counters.questions
    from counters
    full outer join {{ ref('int_github__stars_gained_monthly') }} as gained using (subject_id, month)
)

select
    subject_id,
    month,
    stars_total,
    stars_gained,
    forks_total,
    open_issues,
    subscribers_total,
    questions,
    null::double as questions_share_of_site,
    {{ share_of_rivals('questions', 'stackoverflow') }} as questions_share_of_rivals,
    null::double as questions_answered_share
from months
