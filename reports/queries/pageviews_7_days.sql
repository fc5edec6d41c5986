-- One row per subject and week, Monday to Sunday: views a day, the mean of the 7 days up to its Sunday.
-- A mean stands only where all 7 days are known.
with days as (
    select
        subject_id,
        period_start as day,
        avg(value) over recent as mean,
        count(value) over recent as known,
        min(basis) over recent as first_basis,
        max(basis) over recent as last_basis,
        bool_or(state = 'sample') over recent as is_sample,
        bool_or(state = 'suspect') over recent as is_suspect,
        max(state_reason) filter (where state = 'suspect') over recent as reason
    from observations
    where metric_id = 'wikipedia_pageviews' and isfinite(value)
    window recent as (
        partition by subject_id order by period_start range between interval 6 days preceding and current row
    )
)

select
    subject_id,
    (day - 6)::date as first_day,
    day as last_day,
    mean as value,
    null::double as low,
    null::double as high,
    case when is_sample then 'sample' when is_suspect then 'suspect' else 'ok' end as state,
    case when first_basis = last_basis then first_basis else first_basis || '; ' || last_basis end as basis,
    reason
from days
where known = 7 and isodow(day) = 7
order by subject_id, first_day
