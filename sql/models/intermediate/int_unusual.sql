-- One row per observation that is unusual beside its neighbours, with the reason.
-- What all compared subjects do together hints at a fault of the source, so less of it is enough.
{{ config(materialized='table') }}

with together as (
    select
        *,
        count(*) over at_once > 1
        and abs(sum(sign(move)) over at_once) = count(*) over at_once as all_move,
        min(abs(move)) over at_once as least_move,
        min(abs(move) / spread) over at_once as least_spreads
    from {{ ref('int_flow_moves') }}
    window at_once as (partition by metric_id, period_start)
),

judged as (
    select
        together.*,
        together.all_move
        and together.least_move >= ln(thresholds.times_together)
        and together.least_spreads >= thresholds.spreads_together as is_of_all,
        abs(together.move) >= ln(thresholds.times)
        and abs(together.move) >= thresholds.spreads * together.spread as is_of_one
    from together
    inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
)

select
    subject_id,
    metric_id,
    period_start,
    format('{:.1f} times what is usual around it', exp(move))
    || case when is_of_all then ', as for all compared: rather a fault of the source' else '' end as reason
from judged
where is_of_all or is_of_one
