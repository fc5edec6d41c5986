-- One row per subject, year that is over and what was told of its books, as often as that was another. Unit: books.
select
    identifiers.subject_id,
    'open_library_books' as metric_id,
    told.year as period_start,
    'works whose title names it' as basis,
    told.word as component,
    told.books::double as value,
    told.first_read_at,
    min(told.first_read_at) over (partition by told.word, told.year) as whole_at
from {{ ref('stg_open_library__years') }} as told
inner join {{ source('raw', 'identifiers') }} as identifiers
    on told.word = identifiers.identifier and identifiers.source_id = 'open_library'
where told.is_over
