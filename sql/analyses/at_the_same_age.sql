-- How did the subjects compare when they were of the same age?
with aged as (
    select
        age_months // 12 as age_years,
        subject_id,
        value,
        period_start,
        state
    from align_by_age(coalesce(getvariable('metric'), 'pypi_downloads'))
    where state not in ('partial', 'suspect') and age_months >= 0
)

select
    age_years,
    subject_id as subject,
    avg(value) as mean_value,
    count(*) as periods,
    min(period_start) as first_period,
    max(period_start) as last_period,
    bool_or(state = 'sample') as has_sample
from aged
group by all
order by age_years asc, mean_value desc
