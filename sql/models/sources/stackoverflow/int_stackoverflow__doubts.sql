-- One row per month of questions that is in doubt, with the reason.
with questions as (
    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        observed_at
    from {{ ref('int_observations') }}
    -- How many are answered is counted apart, and may be read after a leap where the questions were before it.
    where
        metric_id in (
            'stackoverflow_questions',
            'stackoverflow_answered_share',
            'stackoverflow_answered_in_a_day_share',
            'stackoverflow_answered_in_a_week_share',
            'stackoverflow_accepted_share',
            'stackoverflow_hours_to_answer'
        )
),

-- What was asked before the leap and read after it may be counted under two meanings of the tag.
after_jumps as (
    select
        questions.subject_id,
        questions.metric_id,
        questions.period_start,
        format(
            'the tag {} had {:,d} questions ever on {}, {:,d} the time before: was it merged or renamed?',
            jumps.tag, jumps.questions, jumps.observed_on, jumps.questions_before
        ) as reason
    from questions
    inner join {{ ref('int_stackoverflow__tag_jumps') }} as jumps
        on
            questions.subject_id = jumps.subject_id
            and questions.period_start <= jumps.observed_on
            and questions.observed_at >= jumps.fetched_at
),

-- The one tag's new questions come under the other, which is compared as well.
synonyms as (
    select
        of_one.subject_id as from_id,
        of_other.subject_id as to_id,
        synonyms.from_tag,
        synonyms.to_tag,
        synonyms.created_on
    from {{ ref('stg_stackoverflow__tag_synonyms') }} as synonyms
    inner join {{ source('raw', 'identifiers') }} as of_one
        on synonyms.from_tag = of_one.identifier and of_one.source_id = 'stackoverflow'
    inner join {{ source('raw', 'identifiers') }} as of_other
        on synonyms.to_tag = of_other.identifier and of_other.source_id = 'stackoverflow'
),

of_synonyms as (
    select
        questions.subject_id,
        questions.metric_id,
        questions.period_start,
        format(
            'Stack Overflow turns the tag {} into {} since {}, and both are compared',
            synonyms.from_tag, synonyms.to_tag, synonyms.created_on
        ) as reason
    from questions
    inner join synonyms
        on questions.subject_id in (synonyms.from_id, synonyms.to_id) and questions.period_end >= synonyms.created_on
)

select * from after_jumps
union all
select * from of_synonyms
