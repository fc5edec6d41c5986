-- One row per subject, metric and month that was over when the source ended. Unit: papers, and their share of all
-- papers of the month with linked code; low and high are the ends of the share's 95 percent interval.
with months as (
    select
        identifiers.subject_id,
        named.month,
        named.papers,
        all_papers.papers as papers_with_code,
        named.papers / nullif(all_papers.papers, 0) as share,
        named.is_sample,
        named.fetched_at
    from {{ ref('stg_papers_with_code__months') }} as named
    inner join {{ ref('stg_papers_with_code__months') }} as all_papers
        on named.month = all_papers.month and all_papers.framework = '*'
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on named.framework = identifiers.identifier and identifiers.source_id = 'papers_with_code'
),

figures as (
    select
        subject_id,
        'papers_with_code_papers' as metric_id,
        month,
        papers::double as value,
        null::double as low,
        null::double as high,
        is_sample,
        fetched_at
    from months
    union all
    select
        subject_id,
        'papers_with_code_share' as metric_id,
        month,
        share as value,
        {{ wilson_bound('share', 'nullif(papers_with_code, 0)', '-') }} as low,
        {{ wilson_bound('share', 'nullif(papers_with_code, 0)', '+') }} as high,
        is_sample,
        fetched_at
    from months
)

select
    subject_id,
    metric_id,
    month as period_start,
    last_day(month) as period_end,
    value,
    low,
    high,
    case when is_sample then 'sample' else 'ok' end as state,
    'links of July 2025' as basis,
    fetched_at as observed_at
from figures
where value is not null
