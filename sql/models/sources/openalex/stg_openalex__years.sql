-- One row per word (`*` for all works), UTC year and stretch of time in which the same was told of it. Unit: scholarly
-- works whose abstract is known; those of a word name it in title or abstract.
-- An answer is whole, and leaves out years without any: those between its first one and the running one are zero.
{{ staged(['word', 'year', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('openalex', 'years') }}
),

answers as (
    select
        page_id,
        key as word,
        fetched_at,
        body ->> '$.sample' is not null as is_sample,
        from_json(body -> '$.group_by', '[{"key": "integer", "count": "bigint"}]') as told
    from pages
),

groups as (
    select
        page_id,
        word,
        fetched_at,
        is_sample,
        unnest(told) as sent
    from answers
),

years as (
    select
        page_id,
        word,
        fetched_at,
        is_sample,
        unnest(generate_series(min(sent.key), year(fetched_at)))::integer as year_number
    from groups
    group by page_id, word, fetched_at, is_sample
),

parsed as (
    select
        years.word,
        make_date(years.year_number, 1, 1) as year,
        coalesce(groups.sent.count, 0) as works,
        years.fetched_at::date >= make_date(years.year_number + 1, 1, 1) as is_over,
        years.is_sample,
        years.fetched_at,
        years.page_id
    from years
    left join groups on years.page_id = groups.page_id and years.year_number = groups.sent.key
)

select
    word,
    year,
    works,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', ['word', 'year'], ['works', 'is_over', 'is_sample']) }}
