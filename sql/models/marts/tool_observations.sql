-- One row per tool, metric and period, judged as the figures of the subjects are. What is made from another metric is
-- left out.
select
    tools.tool_id,
    judged.metric_id,
    judged.period_start,
    judged.period_end,
    judged.value,
    judged.low,
    judged.high,
    judged.state,
    judged.state_reason,
    judged.basis,
    judged.observed_at
from {{ ref('int_judged') }} as judged
inner join {{ ref('tools') }} as tools on judged.subject_id = tools.tool_id
inner join {{ ref('metric_register') }} as metrics using (metric_id)
where metrics.made_from is null
