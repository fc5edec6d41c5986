-- One row per metric, pair of subjects and week or month in which both are known and counted in one way.
-- A run is without a gap of more than a quarter and of one counting. Unit of log_ratio: natural logarithm.
{{ config(materialized='table') }}

-- What breaks a metric breaks those that are made from it.
with breaks as (
    select
        metrics.metric_id,
        events.subject_id,
        events.occurred_on
    from {{ ref('events') }} as events
    inner join {{ ref('metrics') }} as metrics on events.metric_id in (metrics.metric_id, metrics.made_from)
    where events.kind = 'series break'
),

countings as (
    select
        together.*,
        count(breaks.occurred_on) as breaks_before
    from {{ ref('int_figures_together') }} as together
    left join breaks
        on
            together.metric_id = breaks.metric_id
            and (breaks.subject_id is null or breaks.subject_id in (together.first_id, together.second_id))
            and together.period_end >= breaks.occurred_on
    where together.first_value > 0 or together.second_value > 0
    group by all
    -- A period that a break cuts in two was counted in both ways.
    having coalesce(max(breaks.occurred_on) <= any_value(together.period_start), true)
),

told as (
    select
        *,
        -- A zero has no logarithm: it counts as half of the smallest figure of the two, up to then, that is none.
        least(
            min(first_value) filter (where first_value > 0) over in_time,
            min(second_value) filter (where second_value > 0) over in_time
        ) / 2 as half_of_least,
        lag(period_end) over in_time as end_before,
        basis || breaks_before as way_of_counting,
        lag(basis || breaks_before) over in_time as way_before
    from countings
    window in_time as (partition by metric_id, first_id, second_id order by period_end)
)

select
    metric_id,
    first_id,
    second_id,
    period_start,
    period_end,
    ln(greatest(first_value, half_of_least) / greatest(second_value, half_of_least)) as log_ratio,
    count(*) filter (where way_of_counting <> way_before) over in_time as counting,
    count(*) filter (where way_of_counting <> way_before or period_start - end_before > 92) over in_time as run,
    case grain when 'year' then 1 when 'month' then 3 else 13 end as periods_a_quarter,
    aggregation = 'stock' as is_stock,
    is_sample
from told
window in_time as (partition by metric_id, first_id, second_id order by period_end)
