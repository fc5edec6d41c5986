-- Who leads in each metric today, by how much, and how old is the figure? Where chance alone decides, nobody does.
with newest as (
    select
        subject_id,
        metric_id,
        period_end,
        value,
        state
    from observations
    where state not in ('partial', 'suspect')
    qualify row_number() over (partition by subject_id, metric_id order by period_start desc) = 1
),

-- Only figures of one period compare.
ranked as (
    select
        *,
        row_number() over (partition by metric_id order by value desc, subject_id asc) as place
    from newest
    qualify period_end = max(period_end) over (partition by metric_id)
)

select
    metrics.name as metric,
    case
        when leader.value = runner_up.value or crossovers.status = 'too close to call' then 'nobody'
        else leader.subject_id
    end as leader,
    leader.subject_id as highest,
    leader.value,
    runner_up.subject_id as second,
    runner_up.value as second_value,
    leader.value / nullif(runner_up.value, 0) as times_as_much,
    leader.period_end as up_to,
    utc_day(clock()) - leader.period_end as days_old,
    leader.state
from ranked as leader
inner join metrics using (metric_id)
left join ranked as runner_up
    on leader.metric_id = runner_up.metric_id and runner_up.place = 2
left join crossovers
    on
        leader.metric_id = crossovers.metric_id
        and leader.subject_id in (crossovers.leader_id, crossovers.trailer_id)
        and runner_up.subject_id in (crossovers.leader_id, crossovers.trailer_id)
where leader.place = 1
order by metrics.kind, metrics.name
