-- How much came in the last complete quarter, beside the quarter before and the same one a year ago?
-- Growth is unknown where the way of counting changed or a break or fault lies between.
with months as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start as month,
        observations.value,
        observations.basis,
        observations.state
    from observations
    inner join metrics using (metric_id)
    where
        metrics.grain = 'month'
        and metrics.aggregation = 'flow'
        and metrics.unit <> 'share'
        and observations.state <> 'partial'
    union all
    select
        subject_id,
        'github_stars_gained' as metric_id,
        month,
        stars_gained as value,
        'star history' as basis,
        'ok' as state
    from community_monthly
    where stars_gained is not null
),

quarters as (
    select
        subject_id,
        metric_id,
        date_trunc('quarter', month)::date as quarter,
        sum(value) as total,
        min(basis) as basis,
        max(state) as state
    from months
    group by all
    having count(*) = 3 and count(distinct basis) = 1
),

compared as (
    select
        newest.*,
        before.total as total_before,
        year_before.total as total_year_before,
        (
            select max(coalesce(events.ended_on, events.occurred_on))
            from events
            where
                events.metric_id = newest.metric_id
                and events.kind in ('series break', 'measuring fault')
                and events.occurred_on < newest.quarter + interval 3 month
        ) as last_break_on
    from quarters as newest
    left join quarters as before
        on
            newest.subject_id = before.subject_id
            and newest.metric_id = before.metric_id
            and newest.basis = before.basis
            and newest.quarter - interval 3 month = before.quarter
    left join quarters as year_before
        on
            newest.subject_id = year_before.subject_id
            and newest.metric_id = year_before.metric_id
            and newest.basis = year_before.basis
            and newest.quarter - interval 1 year = year_before.quarter
    qualify row_number() over (partition by newest.subject_id, newest.metric_id order by newest.quarter desc) = 1
)

select
    metric_id as metric,
    subject_id as subject,
    quarter,
    total,
    case
        when last_break_on is null or last_break_on < quarter - interval 3 month
            then total / nullif(total_before, 0) - 1
    end as growth_on_quarter,
    case
        when last_break_on is null or last_break_on < quarter - interval 1 year
            then total / nullif(total_year_before, 0) - 1
    end as growth_on_year,
    state
from compared
order by metric asc, total desc
