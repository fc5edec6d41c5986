-- One row per subject and day of the last year: views of its article.
select
    subject_id,
    period_start as first_day,
    period_end as last_day,
    value,
    low,
    high,
    state,
    basis,
    case when state = 'suspect' then state_reason end as reason
from observations
where metric_id = 'wikipedia_pageviews' and isfinite(value)
qualify period_start > max(period_start) over () - interval 365 days
order by subject_id, first_day
