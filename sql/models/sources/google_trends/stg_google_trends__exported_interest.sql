-- One row per imported export of the website, term and period, in the region that its headings or else its key name.
-- Unit: index, 0 to 100 of the file's own maximum. Below one is told as 0, as the interface tells it. A plain 0 means
-- that Google has too little to tell, and is null. Files of since the redesign of 2026, which state neither region nor
-- category, write it for both, so there it is 0. A file marks no period as partial; the day of its pull does.
{{ staged(['pull', 'term', 'period_start']) }}

with cells as (
    select * from {{ ref('stg_google_trends__exported_cells') }}
    {% if is_incremental() %}where page_id > (select coalesce(max(told.page_id), 0) from {{ this }} as told){% endif %}
),

headings as (
    select
        page_id,
        place,
        regexp_extract(cell, '^(.*?)[\s\p{Z}]*[:：][\s\p{Z}]*[(（](.*)[)）]$', ['term', 'region']) as heading,
        coalesce(nullif(heading['term'], ''), cell) as term,
        nullif(heading['region'], '') as stated_region,
        coalesce(stated_region, split_part(key, ':', 1)) as region
    from cells
    where label = '' and place > 1 and starts_with(key, region || ': ')
),

compared as (
    select
        page_id,
        list_sort(list(lower(term))) as terms
    from headings
    group by all
),

windows as (
    select
        page_id,
        min(period_start) as first_day,
        max(period_start) as last_start,
        -- Periods are a day, a week or a month apart, all alike.
        case (max(period_start) - min(period_start)) // nullif(count(distinct period_start) - 1, 0)
            when 1 then 'DAY'
            when 7 then 'WEEK'
            else 'MONTH'
        end as resolution
    from cells
    group by all
),

-- A period that was not over when a file was first known of is not over in it, as of whatever day it comes again. A
-- file whose day nobody told is taken for one of its last day, so only what ends later was surely not over by then.
known as (
    select
        exports.content,
        min(least(attempts.started_at::date, exports.fetched_at::date + 1)) as known_on
    from {{ ref('stg_google_trends__exported_cells') }} as exports
    inner join {{ source('raw', 'pages') }} as pages on exports.page_id = pages.page_id
    inner join {{ source('raw', 'attempts') }} as attempts on pages.file = attempts.file
    group by all
)

select
    cells.page_id as pull,
    windows.first_day as window_first_day,
    {{ trends_period_end('windows.last_start', 'windows.resolution') }} as window_last_day,
    windows.resolution,
    headings.region,
    cells.category,
    false as is_sample,
    compared.terms,
    headings.term,
    cells.period_start,
    cells.label,
    case
        when below_one.written is not null then 0
        when headings.stated_region is null and cells.category is null then try_cast(cells.cell as bigint)
        else nullif(try_cast(cells.cell as bigint), 0)
    end as interest,
    {{ trends_period_end('cells.period_start', 'windows.resolution') }}
    >= least(cells.fetched_at::date, known.known_on) as is_partial,
    cells.fetched_at,
    cells.content,
    cells.page_id
from cells
inner join headings using (page_id, place)
inner join compared using (page_id)
inner join windows using (page_id)
inner join known using (content)
left join {{ ref('below_one') }} as below_one
    on regexp_replace(cells.cell, '[\s\p{Z}]', '', 'g') = below_one.written
where cells.label <> ''
