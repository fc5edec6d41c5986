-- One row per subject and month in which any adoption metric is known, or some days of its downloads are missing.
with measured as (
    select
        subject_id,
        period_start as month,
        max(value) filter (where metric_id = 'pypi_downloads')::bigint as downloads,
        max(low) filter (where metric_id = 'pypi_downloads')::bigint as downloads_low,
        max(basis) filter (where metric_id = 'pypi_downloads') as downloads_basis,
        max(state) filter (where metric_id = 'pypi_downloads') as downloads_state,
        max(value) filter (where metric_id = 'pypi_downloads_with_mirrors')::bigint as downloads_with_mirrors,
        max(value) filter (where metric_id = 'google_trends_interest') as search_interest,
        max(low) filter (where metric_id = 'google_trends_interest') as search_interest_low,
        max(high) filter (where metric_id = 'google_trends_interest') as search_interest_high,
        max(state) filter (where metric_id = 'google_trends_interest') as search_state
    from {{ ref('observations') }}
    where
        metric_id in ('pypi_downloads', 'pypi_downloads_with_mirrors', 'google_trends_interest')
        and state <> 'partial'
    group by all
),

incomplete as (
    select
        subject_id,
        month,
        missing
    from {{ ref('int_pypi__subject_months') }}
    where not is_complete
),

months as (
    select
        subject_id,
        month,
        measured.downloads,
        measured.downloads_low,
        measured.downloads_basis,
        coalesce(measured.downloads_state, case when incomplete.missing is not null then 'partial' end)
            as downloads_state,
        incomplete.missing as downloads_missing,
        measured.downloads_with_mirrors,
        measured.search_interest,
        measured.search_interest_low,
        measured.search_interest_high,
        measured.search_state,
        pageviews_monthly.pageviews,
        pageviews_monthly.pageviews_state
    from measured
    full outer join {{ ref('int_wikipedia__pageviews_monthly') }} as pageviews_monthly
        using (subject_id, month)
    full outer join incomplete using (subject_id, month)
),

compared as (
    select
        *,
        case
            when min(downloads_basis) over (partition by month) = max(downloads_basis) over (partition by month)
                then {{ share_of_rivals('downloads', 'pypi') }}
        end as downloads_share,
        {{ share_of_rivals('search_interest', 'google_trends') }} as search_share,
        {{ share_of_rivals('pageviews', 'wikipedia') }} as pageviews_share
    from months
),

breaks as (
    select
        subject_id,
        kind,
        occurred_on,
        coalesce(ended_on, occurred_on) as ended_on,
        title
    from {{ ref('known_events') }}
    where metric_id = 'pypi_downloads' and kind in ('series break', 'measuring fault')
),

grown as (
    select
        compared.*,
        compared.downloads / nullif(year_before.downloads, 0) - 1 as growth,
        case
            when compared.downloads is null then null
            when year_before.downloads is null then 'no figure a year before'
            when year_before.downloads = 0 then 'zero a year before'
            when year_before.downloads_basis <> compared.downloads_basis then 'counted in another way'
            else (
                select min_by(breaks.title, breaks.occurred_on)
                from breaks
                where
                    breaks.occurred_on <= last_day(compared.month)
                    -- From its first day on a break is over: what begins there is counted in the new way.
                    and breaks.ended_on >= year_before.month + (breaks.kind = 'series break')::integer
                    and (breaks.subject_id is null or breaks.subject_id = compared.subject_id)
            )
        end as no_growth_reason
    from compared
    left join compared as year_before
        on
            compared.subject_id = year_before.subject_id
            and compared.month = year_before.month + interval 1 year
)

select
    subject_id,
    month,
    downloads,
    downloads_low,
    downloads_with_mirrors,
    downloads_share,
    case when no_growth_reason is null then growth end as downloads_yoy,
    no_growth_reason as downloads_yoy_reason,
    downloads_basis,
    downloads_state,
    downloads_missing,
    search_interest,
    search_interest_low,
    search_interest_high,
    search_share,
    search_state,
    pageviews,
    pageviews_share,
    pageviews_state
from grown
