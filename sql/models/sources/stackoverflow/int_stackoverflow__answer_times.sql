-- One row per subject and UTC month of which questions were sampled: shares of all of them, whether answered or not,
-- with their 95 percent intervals, and the hours until half of all had an answer, with the interval of the order
-- statistics. Nobody's wait was cut short: all had two weeks. Where fewer than half were answered by then there is no
-- median, and of fewer than twenty questions none is told.
{% set least = 20 %}
with within as (
    select
        *,
        len(list_filter(waits, lambda wait: wait <= 86400)) as within_a_day,
        len(list_filter(waits, lambda wait: wait <= 7 * 86400)) as within_a_week,
        (questions + 1) // 2 as middle,
        -- So many places on either side of the middle hold the median of all in 95 of 100 samples.
        ceil(0.98 * sqrt(questions))::bigint as places
    from {{ ref('stg_stackoverflow__answer_samples') }}
    where questions > 0
),

counted as (
    select
        identifiers.subject_id,
        within.*
    from within
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on within.tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
),

metrics as (
    {% for metric, count in [
        ('answered_in_a_day_share', 'within_a_day'),
        ('answered_in_a_week_share', 'within_a_week'),
        ('accepted_share', 'accepted'),
    ] %}
        select
            subject_id,
            'stackoverflow_{{ metric }}' as metric_id,
            month,
            questions,
            {{ count }} / questions as value,
            {{ wilson_bound(count ~ ' / questions', 'questions', '-') }} as low,
            {{ wilson_bound(count ~ ' / questions', 'questions', '+') }} as high,
            is_sample,
            fetched_at
        from counted
        union all
    {% endfor %}
    select
        subject_id,
        'stackoverflow_hours_to_answer' as metric_id,
        month,
        questions,
        waits[middle] / 3600 as value,
        waits[greatest(middle - places, 1)] / 3600 as low,
        waits[middle + places] / 3600 as high,
        is_sample,
        fetched_at
    from counted
    where questions >= {{ least }}
)

select
    subject_id,
    metric_id,
    month,
    questions,
    value,
    low,
    high,
    is_sample,
    fetched_at
from metrics
where value is not null
