-- One row per subject, metric, complete period and time at which its source told another value than before.
-- A value that is a sum changes with each of its components. Unit: the metric's.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_renewed() }}") }}

-- depends_on: {{ ref('int_renewed') }}
with readings as (
    select * from {{ ref('int_readings') }}
    {% if is_incremental() %}where {{ renewed() }}{% endif %}
),

-- Nearly all is told once, and of that there is nothing to compare.
told_again as (
    select
        subject_id,
        metric_id,
        period_start
    from readings
    group by all
    having count(*) > 1
),

changes as (
    select
        *,
        value - lag(value) over component_readings as change,
        row_number() over component_readings = 1 as is_first
    from readings
    semi join told_again using (subject_id, metric_id, period_start)
    window component_readings as (
        partition by subject_id, metric_id, period_start, component
        order by first_read_at
    )
),

steps as (
    select
        subject_id,
        metric_id,
        period_start,
        first_read_at as changed_at,
        sum(change) as change
    from changes
    where not is_first
    group by all
    having sum(change) <> 0
),

first_values as (
    select
        subject_id,
        metric_id,
        period_start,
        sum(value) as value
    from changes
    where is_first
    group by all
),

summed as (
    select
        steps.*,
        first_values.value + sum(steps.change) over (
            partition by steps.subject_id, steps.metric_id, steps.period_start
            order by steps.changed_at
        ) as new_value
    from steps
    inner join first_values using (subject_id, metric_id, period_start)
)

select
    subject_id,
    metric_id,
    period_start,
    new_value - change as old_value,
    new_value,
    changed_at
from summed
