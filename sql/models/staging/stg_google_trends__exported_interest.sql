-- One row per imported export of the website, term and period, in the region that its key names.
-- Unit: index, 0 to 100 of the file's own maximum. "<1" is told as 0, as the interface tells it; a plain 0 means
-- that Google has too little to tell, and is null. A file marks no period as partial; the day of its pull does.
{{ config(unique_key=['pull', 'term', 'period_start']) }}

with pages as (
    select
        *,
        string_split_regex(body, '\r\n|\r|\n') as file_lines
    from {{ new_pages('google_trends', 'export') }}
),

lines as (
    select
        * exclude (body, file_lines),
        unnest(file_lines) as line,
        generate_subscripts(file_lines, 1) as number
    from pages
),

dated as (
    select
        *,
        regexp_extract(line, '^"?([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)"?(.)', ['label', 'delimiter']) as first_cell
    from lines
),

-- The header is the line before the first date; what follows a date parts the header's cells too.
parted as (
    select
        *,
        first_cell.label,
        coalesce(
            nullif(first_cell.delimiter, ''),
            lead(first_cell.delimiter) over (partition by page_id order by number)
        ) as delimiter
    from dated
),

rows_of_cells as (
    select
        *,
        try_cast(rpad(label, 10, '-01') as date) as period_start,
        regexp_extract_all(delimiter || line, delimiter || '("(?:[^"]|"")*"|[^' || delimiter || ']*)', 1) as texts
    from parted
    where delimiter <> ''
),

cells as (
    select
        * exclude (texts),
        generate_subscripts(texts, 1) as place,
        trim(replace(regexp_replace(trim(unnest(texts)), '^"(.*)"$', '\1'), '""', '"')) as cell
    from rows_of_cells
),

headings as (
    select
        page_id,
        place,
        regexp_extract(cell, '^(.*?)[\s\p{Z}]*[:：][\s\p{Z}]*[(（](.*)[)）]$', ['term', 'region']) as heading,
        coalesce(nullif(heading['term'], ''), cell) as term,
        coalesce(nullif(heading['region'], ''), 'region not stated') as region
    from cells
    where label = '' and place > 1 and starts_with(key, region || ': ')
),

windows as (
    select
        page_id,
        min(period_start) as first_day,
        max(period_start) as last_start,
        -- Periods are a day, a week or a month apart, all alike.
        case (max(period_start) - min(period_start)) // nullif(count(period_start) - 1, 0)
            when 1 then 'DAY'
            when 7 then 'WEEK'
            else 'MONTH'
        end as resolution
    from rows_of_cells
    group by all
)

select
    cells.page_id as pull,
    windows.first_day as window_first_day,
    {{ trends_period_end('windows.last_start', 'windows.resolution') }} as window_last_day,
    windows.resolution,
    headings.region,
    false as is_sample,
    headings.term,
    cells.period_start,
    cells.label,
    case when cells.cell similar to '[<＜].*' then 0 else nullif(nullif(cells.cell, '')::bigint, 0) end as interest,
    {{ trends_period_end('cells.period_start', 'windows.resolution') }} >= cells.fetched_at::date as is_partial,
    cells.fetched_at,
    cells.page_id
from cells
inner join headings using (page_id, place)
inner join windows using (page_id)
where cells.label <> ''
