-- One row per subject and month of which every day is known: views of its article.
with months as (
    select
        subject_id,
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
    adoption_monthly.pageviews as value,
    null::double as low,
    null::double as high,
    coalesce(months.state, 'ok') as state,
    months.basis,
    null::varchar as reason
from adoption_monthly
left join months using (subject_id, month)
where isfinite(adoption_monthly.pageviews)
order by subject_id, first_day
