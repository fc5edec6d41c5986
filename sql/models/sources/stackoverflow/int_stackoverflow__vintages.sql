-- One row per subject, UTC month that is over and what Stack Overflow told of its questions, as often as it told
-- something else. Unit: questions.
with identifiers as (
    select
        subject_id,
        identifier as tag
    from {{ source('raw', 'identifiers') }}
    where source_id = 'stackoverflow'
)

select
    identifiers.subject_id,
    'stackoverflow_questions' as metric_id,
    months.month as period_start,
    'questions that still exist' as basis,
    months.tag as component,
    months.questions::double as value,
    months.first_read_at,
    min(months.first_read_at) over (partition by months.tag, months.month) as whole_at
from {{ ref('stg_stackoverflow__question_months') }} as months
inner join identifiers using (tag)
where months.is_over
