-- One row per subject and quarter of which the questions of every month are known: what a month has too few for.
{{ config(pre_hook='{{ publish_macros() }}', post_hook='{{ forget_macros() }}') }}

{{ tables_of_macros() }}
with quarters as (
    select
        subject_id,
        date_trunc('quarter', month)::date as quarter,
        sum(questions)::bigint as questions,
        min(questions) < {{ var('thin_month') }} as is_thin,
        -- A month without questions has no share of answered ones, and takes none away.
        case
            when count(questions_answered_share) = count(nullif(questions, 0))
                then sum(round(questions * questions_answered_share))
        end as answered,
        max(doubt_of(questions_state)) as doubt,
        max(doubt_of(questions_answered_share_state)) as answered_doubt,
        max(doubt_of(questions_share_of_rivals_state)) as share_of_rivals_doubt
    from {{ ref('community_monthly') }}
    where questions is not null
    group by all
    having count(*) = 3
),

compared as (
    select
        *,
        {{ share_of_rivals('questions', 'stackoverflow', period='quarter') }} as share_of_rivals,
        nullif(sum(questions) over (partition by quarter), 0) as rivals_questions,
        answered / nullif(questions, 0) as answered_share
    from quarters
)

select
    subject_id,
    quarter,
    is_thin,
    questions,
    share_of_rivals as questions_share_of_rivals,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '-') }} as questions_share_of_rivals_low,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '+') }} as questions_share_of_rivals_high,
    answered_share as questions_answered_share,
    {{ wilson_bound('answered_share', 'nullif(questions, 0)', '-') }} as questions_answered_share_low,
    {{ wilson_bound('answered_share', 'nullif(questions, 0)', '+') }} as questions_answered_share_high,
    state_of(greatest(doubt, answered_doubt)) as state,
    case when share_of_rivals is not null then state_of(share_of_rivals_doubt) end as questions_share_of_rivals_state
from compared
