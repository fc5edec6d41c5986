-- One row per subject and month: its share of the pageviews of all compared.
-- A share is of all subjects at once, so it carries the worst state and every basis of its month.
with months as (
    select
        date_trunc('month', period_start)::date as month,
        case when bool_or(state = 'sample') then 'sample' else 'ok' end as state,
        string_agg(distinct basis, '; ' order by basis) as basis
    from observations
    where metric_id = 'wikipedia_pageviews'
    group by all
)

select
    subject_id,
    month as first_day,
    last_day(month) as last_day,
    adoption_monthly.pageviews_share as value,
    null::double as low,
    null::double as high,
    coalesce(months.state, 'ok') as state,
    months.basis,
    null::varchar as reason
from adoption_monthly
left join months using (month)
where isfinite(adoption_monthly.pageviews_share)
order by subject_id, first_day
