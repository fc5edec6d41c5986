-- One row per subject and month in which any adoption metric is known, or some days of its downloads are missing.
-- What is derived comes from the published macros, which tell every reader the same.
{{ config(pre_hook='{{ publish_macros() }}', post_hook='{{ forget_macros() }}') }}

{{ tables_of_macros() }}
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
    where not is_complete and subject_id in (select subjects.subject_id from {{ ref('subjects') }} as subjects)
),

downloads as (
    select
        subject_id,
        period_start as month,
        share,
        state
    from share_of('pypi_downloads')
    where share is not null
),

growth as (
    select
        subject_id,
        period_start as month,
        yoy,
        reason,
        case when yoy is not null then state end as state
    from yoy('pypi_downloads')
),

searches as (
    select
        subject_id,
        period_start as month,
        share,
        state
    from share_of('google_trends_interest')
    where share is not null
),

pageviews as (
    select
        subject_id,
        period_start as month,
        value::bigint as pageviews,
        value_state as pageviews_state,
        share,
        case when share is not null then state end as state
    from share_of('wikipedia_pageviews', monthly := true)
)

select
    subject_id,
    month,
    measured.downloads,
    measured.downloads_low,
    measured.downloads_with_mirrors,
    downloads.share as downloads_share,
    growth.yoy as downloads_yoy,
    growth.reason as downloads_yoy_reason,
    measured.downloads_basis,
    coalesce(measured.downloads_state, case when incomplete.missing is not null then 'partial' end) as downloads_state,
    incomplete.missing as downloads_missing,
    measured.search_interest,
    measured.search_interest_low,
    measured.search_interest_high,
    searches.share as search_share,
    measured.search_state,
    pageviews.pageviews,
    pageviews.share as pageviews_share,
    pageviews.pageviews_state,
    downloads.state as downloads_share_state,
    growth.state as downloads_yoy_state,
    searches.state as search_share_state,
    pageviews.state as pageviews_share_state
from measured
full outer join pageviews using (subject_id, month)
full outer join incomplete using (subject_id, month)
left join downloads using (subject_id, month)
left join growth using (subject_id, month)
left join searches using (subject_id, month)
