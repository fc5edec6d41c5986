-- One row per subject and metric: its newest period that is known whole, and when that was read.
{{ config(materialized='table') }}

select
    subject_id,
    metric_id,
    max(last_start) as last_start,
    max(last_period) as last_period,
    arg_max(observed_at, last_start) as observed_at
from {{ ref('int_series_months') }}
group by all
