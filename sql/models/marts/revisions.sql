-- One row per subject, metric, complete period and time at which its source told another value than before.
-- A value that is a sum changes with each of its components. Unit: the metric's.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_renewed() }}") }}

-- depends_on: {{ ref('int_renewed') }}
with changes as (
    select
        *,
        value - lag(value) over (
            partition by subject_id, metric_id, period_start, basis, component
            order by first_read_at
        ) as change
    from {{ renewed_rows(ref('int_vintages')) }}
),

-- The value that stands, and by how much each reading had changed it. What is counted in another way now than it
-- was then has no common past.
steps as (
    select
        changes.subject_id,
        changes.metric_id,
        changes.period_start,
        changes.first_read_at as changed_at,
        any_value(observations.value) as present_value,
        sum(changes.change) as change
    from changes
    inner join {{ ref('int_observations') }} as observations using (subject_id, metric_id, period_start, basis)
    where changes.change is not null and changes.first_read_at > changes.whole_at
    group by all
    having sum(changes.change) <> 0
),

summed as (
    select
        *,
        present_value - sum(change) over (
            partition by subject_id, metric_id, period_start
            order by changed_at desc
        ) as old_value
    from steps
)

select
    subject_id,
    metric_id,
    period_start,
    old_value,
    old_value + change as new_value,
    changed_at
from summed
