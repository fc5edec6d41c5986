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

-- Each metric's figure with its state, and its range where it has one.
{%- set figures = {
    'github_stars_gained_monthly': 'stars_gained',
    'stackoverflow_questions': 'questions',
    'stackoverflow_questions_share': 'share_of_site',
    'stackoverflow_questions_share_of_rivals': 'share_of_rivals',
    'stackoverflow_answered_share': 'answered_share',
} %}
measured as (
    select
        subject_id,
        period_start as month,
        {% for metric_id, figure in figures.items() %}
            max(value) filter (where metric_id = '{{ metric_id }}') as {{ figure }},
            max(low) filter (where metric_id = '{{ metric_id }}') as {{ figure }}_low,
            max(high) filter (where metric_id = '{{ metric_id }}') as {{ figure }}_high,
            max(state) filter (where metric_id = '{{ metric_id }}') as {{ figure }}_state
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('observations') }}
    where
        state <> 'partial'
        and metric_id in (
            {% for metric_id in figures %}
                '{{ metric_id }}'{% if not loop.last %},{% endif %}
            {% endfor %}
        )
    group by all
)

select
    subject_id,
    month,
    counters.stars_total,
    measured.stars_gained::bigint as stars_gained,
    net_changes.stars_net_change,
    counters.forks_total,
    counters.open_issues,
    counters.subscribers_total,
    measured.questions::bigint as questions,
    measured.questions_state,
    measured.share_of_site as questions_share_of_site,
    measured.share_of_site_state as questions_share_of_site_state,
    measured.share_of_rivals as questions_share_of_rivals,
    measured.share_of_rivals_low as questions_share_of_rivals_low,
    measured.share_of_rivals_high as questions_share_of_rivals_high,
    measured.answered_share as questions_answered_share,
    measured.answered_share_low as questions_answered_share_low,
    measured.answered_share_high as questions_answered_share_high,
    measured.answered_share_state as questions_answered_share_state,
    measured.stars_gained_state,
    measured.share_of_rivals_state as questions_share_of_rivals_state
from {{ ref('int_github__counters_monthly') }} as counters
full outer join measured using (subject_id, month)
left join net_changes using (subject_id, month)
