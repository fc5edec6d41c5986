-- One row per subject, UTC year that is over and what was told of its works, as often as that was another. Unit:
-- scholarly works.
select
    subject_id,
    'openalex_works' as metric_id,
    year as period_start,
    basis,
    word as component,
    works::double as value,
    first_read_at,
    min(first_read_at) over (partition by word, year) as whole_at
from {{ ref('int_openalex__years') }}
where is_over
