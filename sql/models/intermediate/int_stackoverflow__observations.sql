-- One row per subject, question metric and finished UTC month.
-- The share is of all compared subjects together, known only for months in which each of them is.
with questions as (
    select
        identifiers.subject_id,
        months.month,
        months.questions,
        months.fetched_at
    from {{ ref('stg_stackoverflow__question_months') }} as months
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on months.tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
),

compared as (
    select
        *,
        {{ share_of_rivals('questions', 'stackoverflow') }} as share
    from questions
),

metrics as (
    select
        subject_id,
        'stackoverflow_questions' as metric_id,
        month,
        questions::double as value,
        fetched_at
    from compared
    union all
    select
        subject_id,
        'stackoverflow_questions_share' as metric_id,
        month,
        share as value,
        fetched_at
    from compared
    where share is not null
)

select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value,
    null::double as low,
    null::double as high,
    'ok' as state,
    'questions that still exist' as basis,
    fetched_at as observed_at
from metrics
