-- One row per subject, metric and year. Unit: papers, and their share of all papers, with the ends of its 95 percent
-- interval.
with years as (
    select
        identifiers.subject_id,
        years.year,
        years.papers_naming,
        years.papers,
        years.papers_naming / years.papers as share,
        years.counted_by
    from {{ ref('stg_conferences__years') }} as years
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on years.framework = identifiers.identifier and identifiers.source_id = 'conferences'
),

figures as (
    select
        subject_id,
        'conference_papers' as metric_id,
        year,
        papers_naming::double as value,
        null::double as low,
        null::double as high,
        counted_by
    from years
    union all
    select
        subject_id,
        'conference_papers_share' as metric_id,
        year,
        share as value,
        {{ wilson_bound('share', 'papers', '-') }} as low,
        {{ wilson_bound('share', 'papers', '+') }} as high,
        counted_by
    from years
)

select
    subject_id,
    metric_id,
    year as period_start,
    {{ last_day_of('year', 'year') }} as period_end,
    value,
    low,
    high,
    'ok' as state,
    'papers whose text names it' as basis,
    counted_by::timestamptz as observed_at
from figures
