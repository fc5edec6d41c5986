-- Which figures lie in a known fault of measuring, and in which?
select
    observations.metric_id as metric,
    events.title as fault,
    events.occurred_on as first_day,
    events.ended_on as last_day,
    min(observations.period_start) as first_period,
    max(observations.period_end) as last_period,
    count(*) as figures,
    events.url
from observations
inner join events
    on
        observations.metric_id = events.metric_id
        and events.kind = 'measuring fault'
        and observations.period_start <= events.ended_on
        and observations.period_end >= events.occurred_on
where observations.state = 'suspect'
group by all
order by first_day, metric
