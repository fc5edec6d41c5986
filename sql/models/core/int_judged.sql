-- One row per subject or tool, metric and period. Unusual figures are marked, never left out, and so is the last
-- period of a series that went stale.
-- A view, because all but the marks stands in a table already.
{{ config(materialized='view') }}

select
    observations.subject_id,
    observations.metric_id,
    observations.period_start,
    observations.period_end,
    observations.value,
    observations.low,
    observations.high,
    case
        when observations.state <> 'ok' then observations.state
        when marks.suspect_reason is not null then 'suspect'
        when marks.stale_reason is not null then 'stale'
        else 'ok'
    end as state,
    case
        when observations.state <> 'ok' then observations.state_reason
        else coalesce(marks.suspect_reason, marks.stale_reason)
    end as state_reason,
    observations.basis,
    observations.observed_at,
    coalesce(marks.revision, 0) as revision
from {{ ref('int_observations') }} as observations
left join {{ ref('int_marks') }} as marks using (subject_id, metric_id, period_start)
