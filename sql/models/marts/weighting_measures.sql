-- One row per measure that could be weighted and subject: the figure of the last quarter and its share of all.
select
    kind,
    metric_id,
    subject_id,
    period_start,
    period_end,
    value,
    share,
    state,
    reason
from {{ ref('int_weighted_figures') }}
