-- One row per series, subject and period. A series is a metric, or one of the monthly readings below.
-- Shares belong to all subjects of a month at once, so they carry the worst state and every basis of it.
with downloads as (
    select
        period_start as month,
        case
            when bool_or(state = 'sample') then 'sample'
            when bool_or(state = 'suspect') then 'suspect'
            else 'ok'
        end as state,
        string_agg(distinct basis, '; ' order by basis) as basis
    from observations
    where metric_id = 'pypi_downloads' and state <> 'partial'
    group by all
),

star_weeks as (
    select
        subject_id,
        unnest([date_trunc('month', period_start), date_trunc('month', period_end)])::date as month,
        state
    from observations
    where metric_id = 'github_stars_gained'
),

star_months as (
    select
        subject_id,
        month,
        case
            when bool_or(state = 'sample') then 'sample'
            when bool_or(state = 'suspect') then 'suspect'
            else 'ok'
        end as state
    from star_weeks
    group by all
),

pageview_months as (
    select
        subject_id,
        date_trunc('month', period_start)::date as month,
        case when bool_or(state = 'sample') then 'sample' else 'ok' end as state,
        string_agg(distinct basis, '; ' order by basis) as basis
    from observations
    where metric_id = 'wikipedia_pageviews'
    group by all
),

every_series as (
    select
        metric_id as series,
        subject_id,
        period_start,
        period_end,
        value,
        low,
        state,
        basis
    from observations
    union all
    select
        'downloads_share' as series,
        adoption_monthly.subject_id,
        adoption_monthly.month,
        last_day(adoption_monthly.month),
        adoption_monthly.downloads_share,
        null,
        coalesce(downloads.state, 'ok'),
        downloads.basis
    from adoption_monthly
    left join downloads using (month)
    union all
    select
        'stars_gained_monthly' as series,
        community_monthly.subject_id,
        community_monthly.month,
        last_day(community_monthly.month),
        community_monthly.stars_gained,
        null,
        coalesce(star_months.state, 'ok'),
        null
    from community_monthly
    left join star_months using (subject_id, month)
    union all
    select
        'pageviews_monthly' as series,
        adoption_monthly.subject_id,
        adoption_monthly.month,
        last_day(adoption_monthly.month),
        adoption_monthly.pageviews,
        null,
        coalesce(pageview_months.state, 'ok'),
        pageview_months.basis
    from adoption_monthly
    left join pageview_months using (subject_id, month)
)

select
    series,
    subject_id,
    period_start as first_day,
    period_end as last_day,
    value,
    low,
    state,
    basis
from every_series
where isfinite(value)
order by series, subject_id, first_day
