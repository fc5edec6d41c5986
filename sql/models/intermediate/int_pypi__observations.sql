-- One row per subject, download metric and complete UTC month, summed over the subject's packages.
-- A month counts only when every package that had been seen by then is in it.
with identifiers as (
    select
        subject_id,
        identifier as package
    from {{ source('raw', 'identifiers') }}
    where source_id = 'pypi'
),

first_months as (
    select
        package,
        min(month) as first_month
    from {{ ref('int_pypi__package_months') }}
    group by all
),

subject_months as (
    select
        identifiers.subject_id,
        months.month,
        count(*) as packages,
        sum(months.downloads) as downloads,
        case when count(months.downloads_low) = count(*) then sum(months.downloads_low) end as downloads_low,
        case when count(months.downloads_with_mirrors) = count(*) then sum(months.downloads_with_mirrors) end
            as downloads_with_mirrors,
        string_agg(distinct months.basis, '; ' order by months.basis) as basis,
        max(months.fetched_at) as observed_at
    from {{ ref('int_pypi__package_months') }} as months
    inner join identifiers using (package)
    where months.downloads is not null
    group by all
),

complete_months as (
    select subject_months.*
    from subject_months
    where
        subject_months.packages = (
            select count(*)
            from first_months
            inner join identifiers using (package)
            where
                identifiers.subject_id = subject_months.subject_id
                and first_months.first_month <= subject_months.month
        )
),

metrics as (
    select
        subject_id,
        'pypi_downloads' as metric_id,
        month,
        downloads as value,
        downloads_low as low,
        basis,
        observed_at
    from complete_months
    union all
    select
        subject_id,
        'pypi_downloads_with_mirrors' as metric_id,
        month,
        downloads_with_mirrors as value,
        null as low,
        'pypistats, mirrors included' as basis,
        observed_at
    from complete_months
    where downloads_with_mirrors is not null
)

select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value::double as value,
    low::double as low,
    null::double as high,
    'ok' as state,
    basis,
    observed_at
from metrics
