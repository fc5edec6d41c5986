-- Where does each figure come from, what is counted, and what does it not say?
select
    metrics.metric_id as metric,
    metrics.source_id as source,
    metrics.unit,
    metrics.grain,
    min(observations.period_start) as first_period,
    max(observations.period_end) as last_period,
    max(observations.observed_at) as last_seen_at,
    string_agg(distinct observations.basis, '; ' order by observations.basis) as counted_by,
    metrics.definition,
    metrics.caveat
from metrics
left join observations using (metric_id)
where metrics.source_id in (select source_status.source_id from source_status)
group by all
order by source, metric
