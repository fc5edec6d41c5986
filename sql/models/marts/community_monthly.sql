-- One row per subject and month in which any community metric is known.
with counters as (
    select
        subject_id,
        date_trunc('month', period_start)::date as month,
        arg_max(value, period_start) filter (where metric_id = 'github_stars_total')::bigint as stars_total,
        arg_max(value, period_start) filter (where metric_id = 'github_forks_total')::bigint as forks_total,
        arg_max(value, period_start) filter (where metric_id = 'github_open_issues')::bigint as open_issues,
        max(value) filter (where metric_id = 'stackoverflow_questions')::bigint as questions
    from {{ ref('observations') }}
    where
        metric_id in (
            'github_stars_total', 'github_forks_total', 'github_open_issues', 'stackoverflow_questions'
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
        counters.questions
    from counters
    full outer join {{ ref('int_github__stars_gained_monthly') }} as gained using (subject_id, month)
),

compared as (
    select
        *,
        {{ share_of_rivals('questions', 'stackoverflow') }} as questions_share_of_rivals,
        nullif(sum(questions) over (partition by month), 0) as rivals_questions
    from months
)

select
    subject_id,
    month,
    stars_total,
    stars_gained,
    forks_total,
    open_issues,
    questions,
    null::double as questions_share_of_site,
    questions_share_of_rivals,
    {{ wilson_bound('questions_share_of_rivals', 'rivals_questions', '-') }} as questions_share_of_rivals_low,
    {{ wilson_bound('questions_share_of_rivals', 'rivals_questions', '+') }} as questions_share_of_rivals_high,
    null::double as questions_answered_share
from compared
