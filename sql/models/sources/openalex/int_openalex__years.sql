-- One row per subject, UTC year and stretch of time in which the same was told of its works, with the corpus that was
-- read: it was rebuilt in November 2025, and what was read before is of another counting. Unit: scholarly works.
select
    identifiers.subject_id,
    years.word,
    years.year,
    years.works,
    years.is_over,
    years.is_sample,
    years.first_read_at,
    years.fetched_at,
    years.page_id,
    years.fetched_at < timestamptz '2025-11-01 00:00:00+00' as is_of_old_corpus,
    'works with an abstract' || case when is_of_old_corpus then ', before the rebuild of 2025' else '' end as basis
from {{ ref('stg_openalex__years') }} as years
inner join {{ source('raw', 'identifiers') }} as identifiers
    on years.word = identifiers.identifier and identifiers.source_id = 'openalex'
