-- One row per observation that is unusual beside its neighbours, with the reason.
-- What all compared subjects do together hints at a fault of the source, so less of it is enough; tools have no say in
-- that, and are judged each by itself.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed(reaches=judged_reaches()) }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
with moves as (
    select
        *,
        subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects) as is_compared
    from {{ renewed_rows(ref('int_flow_moves'), reaches=judged_reaches()) }}
),

around as (
    select * from {{ renewed_rows(ref('int_flow_moves'), reaches=judged_reaches() + var('spread_reaches') | int) }}
),

together as (
    select
        metric_id,
        period_start,
        is_compared,
        count(*) > 1 and abs(sum(sign(move))) = count(*) as all_move,
        min(abs(move)) as least_move
    from moves
    where is_compared
    group by all
),

-- How much its neighbourhood scatters is asked only of figures that move enough.
candidates as (
    select
        moves.*,
        thresholds.reach_days * {{ var('spread_reaches') }} as spread_days,
        thresholds.times,
        thresholds.spreads,
        thresholds.spreads_together,
        coalesce(together.all_move and together.least_move >= ln(thresholds.times_together), false) as may_be_of_all
    from moves
    inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
    left join together using (metric_id, period_start, is_compared)
    where abs(moves.move) >= ln(thresholds.times) or may_be_of_all
),

compared as (
    select
        candidates.*,
        1.4826 * median(around.deviation) as usual_spread
    from candidates
    inner join around
        on
            candidates.subject_id = around.subject_id
            and candidates.metric_id = around.metric_id
            and candidates.basis = around.basis
            and candidates.counted_since is not distinct from around.counted_since
            and candidates.weekday is not distinct from around.weekday
            and around.period_start between candidates.period_start - candidates.spread_days
            and candidates.period_start + candidates.spread_days
    group by all
),

measured as (
    select
        *,
        -- Counts scatter by their square root, however calm they have been.
        greatest(usual_spread, exp(-usual / 2)) as spread
    from compared
),

judged as (
    select
        *,
        may_be_of_all
        and min(abs(move) / spread) over (partition by metric_id, period_start, may_be_of_all) >= spreads_together
            as is_of_all,
        abs(move) >= ln(times) and abs(move) >= spreads * spread as is_of_one
    from measured
)

select
    subject_id,
    metric_id,
    period_start,
    format('{:.1f} times what is usual around it', exp(move))
    || case when is_of_all then ', as for all compared: rather a fault of the source' else '' end as reason
from judged
where
    (is_of_all or is_of_one)
    {% if is_incremental() %}
        and {{ renewed(reaches=judged_reaches()) }}
    {% endif %}
