-- One row per reading of a counter that leaps, or of stars that fall at once, with the last counter before it that
-- was not zero. A leap is to less than half or more than double within a fortnight. One that the next reading stands by
-- is news and no fault; the newest waits for the next. A counter never comes back to zero, however often it says so.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed(reaches=1) }}",
) }}

-- depends_on: {{ ref('int_renewed') }}

-- A counter below the least leaps by itself. From one reading to the next no more than 0.5 percent of the stars are
-- taken back: forty times the largest fall of a day in PyTorch's, TensorFlow's and Keras's of 2018 to 2025.
{% set least_counter, stars_kept_share = 10, 0.995 %}
with stocks as (
    select metric_id
    from {{ ref('metrics') }}
    where aggregation = 'stock'
),

readings as (
    select
        subject_id,
        metric_id,
        period_start,
        value,
        last_value(nullif(value, 0) ignore nulls) over before_it as value_before,
        period_start - last_value(case when value > 0 then period_start end ignore nulls) over before_it as days_before,
        lead(value) over in_time as value_after
    from {{ renewed_rows(ref('int_observations'), reaches=2) }}
    where metric_id in (select stocks.metric_id from stocks)
    window
        in_time as (partition by subject_id, metric_id order by period_start),
        before_it as (
            partition by subject_id, metric_id order by period_start
            rows between unbounded preceding and 1 preceding
        )
),

leaps as (
    select
        *,
        value not between value_before / 2 and value_before * 2 as is_leap,
        -- Nearer to the reading after it than that one is to the reading before it.
        coalesce(
            abs(ln(value_after + 1) - ln(value + 1)) < abs(ln(value_after + 1) - ln(value_before + 1)), false
        ) as is_confirmed
    from readings
    where value_before >= {{ least_counter }} and days_before <= case when value = 0 then 42 else 14 end
)

select
    subject_id,
    metric_id,
    period_start,
    value,
    value_before
from leaps
where
    (
        value = 0
        or is_leap and not is_confirmed
        or metric_id = 'github_stars_total' and value < {{ stars_kept_share }} * value_before
    )
    {% if is_incremental() %}
        and {{ renewed(reaches=1) }}
    {% endif %}
