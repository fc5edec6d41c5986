-- One row per subject and month in which any community metric is known.
-- A month's end is the morning after it.
with net_changes as (
    select
        firsts.subject_id,
        firsts.month,
        next_firsts.stars_on_first - firsts.stars_on_first as stars_net_change
    from {{ ref('int_github__counters_monthly') }} as firsts
    inner join {{ ref('int_github__counters_monthly') }} as next_firsts
        on firsts.subject_id = next_firsts.subject_id and firsts.month + interval 1 month = next_firsts.month
),

questions as (
    select
        subject_id,
        period_start as month,
        max(value) filter (where metric_id = 'stackoverflow_questions')::bigint as questions,
        max(state) filter (where metric_id = 'stackoverflow_questions') as questions_state,
        max(value) filter (where metric_id = 'stackoverflow_questions_share') as share_of_site,
        max(state) filter (where metric_id = 'stackoverflow_questions_share') as share_of_site_state,
        max(value) filter (where metric_id = 'stackoverflow_questions_share_of_rivals') as share_of_rivals,
        max(value) filter (where metric_id = 'stackoverflow_answered_share') as answered_share,
        max(state) filter (where metric_id = 'stackoverflow_answered_share') as answered_share_state
    from {{ ref('observations') }}
    where metric_id like 'stackoverflow_%' and state <> 'partial'
    group by all
),

months as (
    select
        subject_id,
        month,
        counters.stars_total,
        gained.stars_gained,
        net_changes.stars_net_change,
        counters.forks_total,
        counters.open_issues,
        counters.subscribers_total,
        questions.questions,
        questions.questions_state,
        questions.share_of_site,
        questions.share_of_site_state,
        questions.share_of_rivals,
        questions.answered_share,
        questions.answered_share_state
    from {{ ref('int_github__counters_monthly') }} as counters
    full outer join {{ ref('int_github__stars_gained_monthly') }} as gained using (subject_id, month)
    full outer join questions using (subject_id, month)
    left join net_changes using (subject_id, month)
),

compared as (
    select
        *,
        nullif(sum(questions) over (partition by month), 0) as rivals_questions
    from months
)

select
    subject_id,
    month,
    stars_total,
    stars_gained,
    stars_net_change,
    forks_total,
    open_issues,
    subscribers_total,
    questions,
    questions_state,
    share_of_site as questions_share_of_site,
    share_of_site_state as questions_share_of_site_state,
    share_of_rivals as questions_share_of_rivals,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '-') }} as questions_share_of_rivals_low,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '+') }} as questions_share_of_rivals_high,
    answered_share as questions_answered_share,
    {{ wilson_bound('answered_share', 'nullif(questions, 0)', '-') }} as questions_answered_share_low,
    {{ wilson_bound('answered_share', 'nullif(questions, 0)', '+') }} as questions_answered_share_high,
    answered_share_state as questions_answered_share_state
from compared
