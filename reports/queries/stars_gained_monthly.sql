-- One row per subject and complete month: stars given that still stand. Its state is the worst of its weeks'.
with weeks as (
    select
        subject_id,
        unnest([date_trunc('month', period_start), date_trunc('month', period_end)])::date as month,
        state,
        state_reason
    from observations
    where metric_id = 'github_stars_gained'
),

months as (
    select
        subject_id,
        month,
        case
            when bool_or(state = 'sample') then 'sample'
            when bool_or(state = 'suspect') then 'suspect'
            else 'ok'
        end as state,
        string_agg(distinct state_reason, '; ' order by state_reason) filter (where state = 'suspect') as reason
    from weeks
    group by all
)

select
    subject_id,
    month as first_day,
    last_day(month) as last_day,
    community_monthly.stars_gained as value,
    null::double as low,
    null::double as high,
    coalesce(months.state, 'ok') as state,
    null as basis,
    months.reason
from community_monthly
left join months using (subject_id, month)
where isfinite(community_monthly.stars_gained)
order by subject_id, first_day
