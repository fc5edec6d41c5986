-- One row per subject and UTC day on which its tag's total of questions had leapt since the reading before: at most a
-- month before, it loses more than 2 percent or gains more than a quarter and 50, which no month of pytorch since 2018
-- has done. Such a tag was merged or renamed, and what is asked for by its name is another's since. Unit: questions.
with readings as (
    select
        tag,
        observed_on,
        fetched_at,
        questions,
        lag(questions) over in_time as questions_before,
        observed_on - lag(observed_on) over in_time as days_before
    from {{ ref('stg_stackoverflow__tag_totals') }}
    window in_time as (partition by tag order by observed_on)
)

select
    identifiers.subject_id,
    readings.tag,
    readings.observed_on,
    readings.fetched_at,
    readings.questions,
    readings.questions_before
from readings
inner join {{ source('raw', 'identifiers') }} as identifiers
    on readings.tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
where
    readings.days_before <= 31
    and (
        readings.questions < 0.98 * readings.questions_before
        or readings.questions > 1.25 * readings.questions_before + 50
    )
