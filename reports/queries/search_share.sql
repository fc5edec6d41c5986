-- One row per subject and month: its share of the search interest in all compared.
-- A share is of all subjects at once, so it carries the worst state and every basis of its month.
with months as (
    select
        period_start as month,
        case
            when bool_or(state = 'sample') then 'sample'
            when bool_or(state = 'suspect') then 'suspect'
            else 'ok'
        end as state,
        string_agg(distinct basis, '; ' order by basis) as basis,
        string_agg(distinct state_reason, '; ' order by state_reason) filter (where state = 'suspect') as reason
    from observations
    where metric_id = 'google_trends_interest' and state <> 'partial'
    group by all
)

select
    subject_id,
    month as first_day,
    last_day(month) as last_day,
    adoption_monthly.search_share as value,
    null::double as low,
    null::double as high,
    coalesce(months.state, 'ok') as state,
    months.basis,
    months.reason
from adoption_monthly
left join months using (month)
where isfinite(adoption_monthly.search_share)
order by subject_id, first_day
