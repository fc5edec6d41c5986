-- Who has led without a break since when, in each metric? A count without uncertainty: chance can break a lead.
with ranked as (
    select
        metric_id,
        period_start,
        subject_id
    from observations
    where state not in ('partial', 'suspect')
    qualify
        count(*) over (partition by metric_id, period_start) > 1
        and row_number() over (partition by metric_id, period_start order by value desc, subject_id asc) = 1
),

changes as (
    select
        *,
        coalesce(subject_id <> lag(subject_id) over (partition by metric_id order by period_start), true) as is_change
    from ranked
),

stretches as (
    select
        *,
        sum(is_change::integer) over (partition by metric_id order by period_start) as stretch
    from changes
)

select
    metrics.name as metric,
    stretches.subject_id as leader,
    min(stretches.period_start) as leads_since,
    max(stretches.period_start) as last_period,
    count(*) as periods,
    stretches.stretch - 1 as changes_before
from stretches
inner join metrics using (metric_id)
group by metrics.name, stretches.subject_id, stretches.stretch
qualify row_number() over (partition by metrics.name order by stretches.stretch desc) = 1
order by metric
