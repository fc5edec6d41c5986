-- One row per subject, metric and finished period that the newest pull of a resolution tells. Unit: index, 0 to
-- 100 of that pull's window. The value is the median of the draws on its scale, low and high their extremes.
with identifiers as (
    select
        subject_id,
        lower(identifier) as term
    from {{ source('raw', 'identifiers') }}
    where source_id = 'google_trends'
),

metrics (resolution, metric_id) as (
    values
    ('MONTH', 'google_trends_interest'),
    ('WEEK', 'google_trends_interest_weekly'),
    ('DAY', 'google_trends_interest_daily')
),

finished as (
    select *
    from {{ ref('int_google_trends__interest') }}
    where interest is not null and not is_partial
),

periods as (
    select
        draws.*,
        newest.term,
        newest.period_start,
        newest.period_end,
        finished.interest
    from {{ ref('int_google_trends__draws') }} as draws
    inner join finished as newest on draws.newest_pull = newest.pull and newest.period_end < draws.fetched_at::date
    inner join finished
        on
            draws.pull = finished.pull
            and newest.term = finished.term
            and newest.period_start = finished.period_start
),

told as (
    select
        term,
        resolution,
        period_start,
        period_end,
        median(interest) as value,
        -- One draw tells nothing of how much they vary; a 0 is anything below one.
        count(*) > 1 or min(interest) = 0 as has_range,
        min(interest) as low,
        max(greatest(interest, 1)) as high,
        case when is_sample then 'sample' else 'ok' end as state,
        concat_ws(', ', origin, region, category, window_first_day || ' to ' || window_last_day) as basis,
        fetched_at
    from periods
    group by all
)

select
    identifiers.subject_id,
    metrics.metric_id,
    told.period_start,
    told.period_end,
    told.value,
    case when told.has_range then told.low end::double as low,
    case when told.has_range then told.high end::double as high,
    told.state,
    told.basis,
    told.fetched_at as observed_at
from told
inner join identifiers using (term)
inner join metrics using (resolution)
