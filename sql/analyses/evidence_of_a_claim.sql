-- What does each measure say of a claim (of all, unless one is named), by which figures of which answers?
select
    evidence.claim_id,
    evidence.supports,
    evidence.metric_id,
    evidence.measure,
    evidence.subject_id,
    evidence.period_start,
    evidence.value,
    evidence.state,
    evidence.ratio,
    evidence.ratio_low,
    evidence.ratio_high,
    evidence.weight,
    metrics.source_id,
    evidence.observed_at
from claim_evidence as evidence
inner join claims using (claim_id)
inner join metrics using (metric_id)
inner join subjects on evidence.subject_id = subjects.subject_id
where evidence.claim_id like coalesce(getvariable('claim'), '%')
order by
    claims.position asc, evidence.weight desc, evidence.metric_id asc, evidence.measure asc, subjects.position asc
