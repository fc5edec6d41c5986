-- One row per observation that a check of its source has a doubt about, with the reason: what is warned of about a
-- figure stands on that figure. Each source has its own (`int_<source_id>__doubts`).
select
    subject_id,
    metric_id,
    period_start,
    string_agg(distinct reason, '; ' order by reason) as reason
from {{ offered('doubts', ['subject_id', 'metric_id', 'period_start', 'reason']) }}
group by all
