-- Who leads whom in what, since when, and how sure is the date?
select
    metrics.name as metric,
    crossovers.status,
    crossovers.leader_id as leader,
    crossovers.trailer_id as trailer,
    crossovers.crossed_on,
    crossovers.low_on as earliest,
    crossovers.high_on as latest,
    crossovers.sustained_since
from crossovers
inner join metrics using (metric_id)
order by metric asc, leader asc, trailer asc
