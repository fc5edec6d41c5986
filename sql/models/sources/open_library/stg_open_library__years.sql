-- One row per word, year of first publication and stretch of time in which the same was told of it. Unit: books, by
-- work and not by edition.
{{ staged(['word', 'year', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('open_library', 'year_books') }}
),

-- A key is a word, which may have blanks, and a year.
parsed as (
    select
        left(key, -5) as word,
        make_date(right(key, 4)::integer, 1, 1) as year,
        (body ->> '$.numFound')::bigint as books,
        fetched_at::date > {{ last_day_of('year', 'year') }} as is_over,
        (body ->> '$.sample') is not null as is_sample,
        fetched_at,
        page_id
    from pages
)

select
    word,
    year,
    books,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['word', 'year'], ['books', 'is_over', 'is_sample']) }}
