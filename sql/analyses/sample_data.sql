-- Which figures are sample data, made by a formula and not measured?
select
    metrics.name as metric,
    observations.subject_id as subject,
    count(*) filter (where observations.state = 'sample') as sample_figures,
    count(*) as figures,
    min(observations.period_start) filter (where observations.state = 'sample') as first_sample,
    max(observations.period_end) filter (where observations.state = 'sample') as last_sample
from observations
inner join metrics using (metric_id)
group by all
having count(*) filter (where observations.state = 'sample') > 0
order by metric, subject
