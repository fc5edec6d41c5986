-- One row per subject, metric and period. Unusual figures are marked, never left out, and so is the last
-- period of a series that went stale.
-- A view, which becomes a table when it is published.
{{ config(materialized='view') }}

select
    subject_id,
    metric_id,
    period_start,
    period_end,
    value,
    low,
    high,
    state,
    state_reason,
    basis,
    observed_at,
    revision
from {{ ref('int_judged') }}
where subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects)
