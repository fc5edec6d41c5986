-- Who has led without a break since when, in each metric? A count without uncertainty: chance can break a lead.
-- Nobody leads where the highest are equal.
with ranked as (
    select
        metric_id,
        period_start,
        subject_id,
        rank() over (partition by metric_id, period_start order by value desc) as place
    from observations
    where state not in ('partial', 'suspect')
    qualify count(*) over (partition by metric_id, period_start) > 1
),

leaders as (
    select
        metric_id,
        period_start,
        case when count(*) = 1 then min(subject_id) else 'nobody' end as leader
    from ranked
    where place = 1
    group by all
),

changes as (
    select
        *,
        coalesce(leader <> lag(leader) over (partition by metric_id order by period_start), true) as is_change
    from leaders
),

stretches as (
    select
        *,
        sum(is_change::integer) over (partition by metric_id order by period_start) as stretch
    from changes
)

select
    metrics.name as metric,
    stretches.leader,
    min(stretches.period_start) as leads_since,
    max(stretches.period_start) as last_period,
    count(*) as periods,
    stretches.stretch - 1 as changes_before
from stretches
inner join metrics using (metric_id)
group by metrics.name, stretches.leader, stretches.stretch
qualify row_number() over (partition by metrics.name order by stretches.stretch desc) = 1
order by metric
