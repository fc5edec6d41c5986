-- One row per subject, metric and UTC year; the running one with what it has so far. Unit: scholarly works, and of
-- 100,000 with an abstract those that name the subject's word. The two counts of such a share are read at two times, so
-- one that is of two corpora, or more than all works, is none.
with named as (
    select * from {{ latest(ref('int_openalex__years'), ['subject_id', 'year']) }}
),

all_works as (
    select * from {{ latest(ref('stg_openalex__years'), ['word', 'year']) }}
    where word = '*'
),

figures as (
    select
        subject_id,
        'openalex_works' as metric_id,
        year,
        works::double as value,
        is_over,
        is_sample,
        basis,
        fetched_at
    from named
    union all
    select
        named.subject_id,
        'openalex_works_per_100000' as metric_id,
        named.year,
        100000 * named.works / nullif(all_works.works, 0) as value,
        named.is_over and all_works.is_over as is_over,
        named.is_sample or all_works.is_sample as is_sample,
        named.basis,
        greatest(named.fetched_at, all_works.fetched_at) as fetched_at
    from named
    inner join all_works using (year)
    where
        named.works <= all_works.works
        and named.is_of_old_corpus = (all_works.fetched_at < timestamptz '2025-11-01 00:00:00+00')
)

select
    subject_id,
    metric_id,
    year as period_start,
    {{ last_day_of('year', 'year') }} as period_end,
    value,
    null::double as low,
    null::double as high,
    case
        when not is_over then 'partial'
        when is_sample then 'sample'
        else 'ok'
    end as state,
    basis,
    fetched_at as observed_at
from figures
where value is not null
