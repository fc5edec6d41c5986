-- One row per subject, metric and month: the newest of its periods that begin in it and are known whole, and when
-- that was read. A period that was observed before it was over is not known.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed(part='month') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
select
    subject_id,
    metric_id,
    date_trunc('month', period_start)::date as period_start,
    max(period_start) as last_start,
    max(period_end) as last_period,
    arg_max(observed_at, period_start) as observed_at
from {{ renewed_rows(ref('int_observations'), part='month') }}
where state <> 'partial' and period_end <= observed_at::date
group by all
