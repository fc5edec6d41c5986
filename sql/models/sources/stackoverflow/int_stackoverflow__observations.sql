-- One row per subject, question metric and UTC month; the running month has its questions so far, and no share.
-- Low and high are the ends of a share's 95 percent interval, wide where the questions are few.
with months as (
    select * from {{ ref('int_stackoverflow__months') }}
    where is_over
),

shares as (
    select
        subject_id,
        'stackoverflow_questions_share' as metric_id,
        month,
        share_of_site as value,
        null::double as low,
        null::double as high,
        is_sample_share_of_site as is_sample,
        'questions that still exist' as basis,
        share_of_site_fetched_at as fetched_at
    from months
    union all
    select
        subject_id,
        'stackoverflow_questions_share_of_rivals' as metric_id,
        month,
        share_of_rivals as value,
        share_of_rivals_low as low,
        share_of_rivals_high as high,
        is_sample_share_of_rivals as is_sample,
        'questions that still exist' as basis,
        share_of_rivals_fetched_at as fetched_at
    from months
    union all
    select
        subject_id,
        'stackoverflow_answered_share' as metric_id,
        month,
        answered_share as value,
        answered_share_low as low,
        answered_share_high as high,
        is_sample_answered_share as is_sample,
        'at least one answer' as basis,
        answered_share_fetched_at as fetched_at
    from months
    union all
    select
        subject_id,
        metric_id,
        month,
        value,
        low,
        high,
        is_sample,
        'the first questions of the month' as basis,
        fetched_at
    from {{ ref('int_stackoverflow__answer_times') }}
)

{{ observed_counts_by_query(
    ref('stg_stackoverflow__question_months'), 'stackoverflow', component='tag', count='questions',
    metric_id='stackoverflow_questions', basis='questions that still exist',
) }}
union all
select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value,
    low,
    high,
    case when is_sample then 'sample' else 'ok' end as state,
    basis,
    fetched_at as observed_at
from shares
where value is not null
