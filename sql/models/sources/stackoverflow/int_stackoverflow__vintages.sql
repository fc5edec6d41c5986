-- One row per subject, UTC month that is over and what Stack Overflow told of its questions, as often as it told
-- something else. Unit: questions.
{{ vintages_of_counts_by_query(
    ref('stg_stackoverflow__question_months'), 'stackoverflow', component='tag', count='questions',
    metric_id='stackoverflow_questions', basis='questions that still exist',
) }}
