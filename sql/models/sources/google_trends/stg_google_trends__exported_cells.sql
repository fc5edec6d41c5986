-- One row per imported export of the website and cell of its table: of the header, whose label is empty, and of the
-- dated rows below it. The header is the line before the first date; what follows a date parts the header's cells too.
{{ staged(['page_id', 'line_number', 'place']) }}

with pages as (
    select
        * exclude (body),
        md5(body) as content,
        string_split_regex(replace(body, chr(65279), ''), '\r\n|\r|\n') as file_lines
    from {{ new_pages('google_trends', 'export') }}
),

lines as (
    select
        * exclude (file_lines),
        unnest(file_lines) as line,
        generate_subscripts(file_lines, 1) as line_number
    from pages
),

dated as (
    select
        *,
        regexp_extract(line, '^"?([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)"?(.)', ['label', 'delimiter']) as first_cell
    from lines
),

parted as (
    select
        * exclude (first_cell),
        first_cell.label,
        min(line_number) filter (where first_cell.label <> '') over by_page - 1 as header,
        min(first_cell.delimiter) filter (where first_cell.label <> '') over by_page as delimiter
    from dated
    window by_page as (partition by page_id)
),

-- What stands above the header are the file's words for its category, in whatever language.
categories as (
    select
        page_id,
        string_agg(regexp_replace(line, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g'), ', ' order by line_number) as category
    from parted
    where line_number < header and regexp_matches(line, '[^\s\p{Z}]')
    group by all
),

rows_of_cells as (
    select
        parted.*,
        categories.category,
        regexp_extract_all(
            parted.delimiter || parted.line,
            parted.delimiter || '("(?:[^"]|"")*"|[^' || parted.delimiter || ']*)',
            1
        ) as texts
    from parted
    left join categories using (page_id)
    where parted.line_number = parted.header or parted.label <> ''
)

select
    page_id,
    key,
    fetched_at,
    content,
    category,
    line_number,
    label,
    try_cast(rpad(label, 10, '-01') as date) as period_start,
    generate_subscripts(texts, 1) as place,
    trim(replace(regexp_replace(trim(unnest(texts)), '^"(.*)"$', '\1'), '""', '"')) as cell
from rows_of_cells
