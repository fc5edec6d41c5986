-- One row per subject or tool, download metric and complete UTC month, summed over its packages, and per week what is
-- told of the newest minor versions of a subject's.
with months as (
    select * from {{ ref('int_pypi__subject_months') }}
    where is_complete
),

metrics as (
    select
        subject_id,
        'pypi_downloads' as metric_id,
        month,
        downloads as value,
        downloads_low as low,
        basis,
        is_sample,
        fetched_at
    from months
    union all
    select
        subject_id,
        'pypi_downloads_with_mirrors' as metric_id,
        month,
        downloads_with_mirrors as value,
        null as low,
        case when is_of_logs then basis else 'pypistats, mirrors included' end as basis,
        is_sample,
        fetched_at
    from months
    where downloads_with_mirrors is not null
),

weeks as (
    select
        subject_id,
        unnest(['pypi_newest_minor_share', 'pypi_newest_minor_days']) as metric_id,
        monday,
        unnest([share, days_since_release]) as value,
        is_sample,
        fetched_at
    from {{ ref('int_pypi__newest_minor_weeks') }}
)

select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value::double as value,
    low::double as low,
    null::double as high,
    case when is_sample then 'sample' else 'ok' end as state,
    basis,
    fetched_at as observed_at
from metrics
union all
select
    subject_id,
    metric_id,
    monday as period_start,
    monday + 6 as period_end,
    value,
    null::double as low,
    null::double as high,
    case when is_sample then 'sample' else 'ok' end as state,
    'download logs by version' as basis,
    fetched_at as observed_at
from weeks
where value is not null
