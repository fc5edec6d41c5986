-- One row per metric, period and basis: when the newest of its figures was read. Partial figures are none of a period.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook='{{ forget_renewed() }}') }}

-- depends_on: {{ ref('int_renewed') }}
select
    metric_id,
    period_start,
    period_end,
    basis,
    max(observed_at) filter (where state <> 'partial') as observed_at
from {{ renewed_rows(ref('int_observations')) }}
group by all
