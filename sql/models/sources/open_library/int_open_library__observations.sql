-- One row per subject and year from the first one with a book on; the running one with what it has so far. Unit: books.
with latest_years as (
    select
        *,
        min(case when books > 0 then year end) over (partition by word) as first_year
    from {{ latest(ref('stg_open_library__years'), ['word', 'year']) }}
)

select
    identifiers.subject_id,
    'open_library_books' as metric_id,
    told.year as period_start,
    {{ last_day_of('told.year', 'year') }} as period_end,
    told.books::double as value,
    null::double as low,
    null::double as high,
    case
        when not told.is_over then 'partial'
        when told.is_sample then 'sample'
        else 'ok'
    end as state,
    'works whose title names it' as basis,
    told.fetched_at as observed_at
from latest_years as told
inner join {{ source('raw', 'identifiers') }} as identifiers
    on told.word = identifiers.identifier and identifiers.source_id = 'open_library'
where told.year >= told.first_year
