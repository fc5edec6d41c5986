-- One row per pull, term and period. Unit: index, 0 to 100 of the pull's own maximum over all its terms.
-- Values of two pulls have two scales. A zero stands for less than one; where Google has too little to tell,
-- interest is null. A point marked isPartial is not over yet, and one to come had not begun.
{{ staged(['pull', 'term', 'period_start']) }}

with pages as (
    select
        *,
        -- The body begins with a line that keeps it from being read as a script.
        substr(body, strpos(body, chr(10)) + 1) as answer,
        url_decode(replace(regexp_extract(url, '[?&]req=([^&]*)', 1), '+', ' ')) as question
    from {{ new_pages('google_trends', 'interest_over_time') }}
),

points as (
    select
        page_id,
        fetched_at,
        md5(body) as content,
        question ->> '$.time' as time_window,
        question ->> '$.resolution' as resolution,
        -- A country, a part of one or a metropolis stands each under a name of its own.
        coalesce(
            nullif(array_to_string(list_sort(list_distinct(question ->> '$.comparisonItem[*].geo.*')), ' '), ''),
            'worldwide'
        ) as region,
        coalesce(nullif(question ->> '$.requestOptions.category', '0'), 'all') as category,
        coalesce(nullif(question ->> '$.requestOptions.property', ''), 'web') as property,
        answer ->> '$.sample' as sample,
        question ->> '$.comparisonItem[*].complexKeywordsRestriction.keyword[0].value' as terms,
        unnest(
            from_json(
                answer -> '$.default.timelineData',
                '[{"time": "bigint", "formattedTime": "varchar", "value": ["bigint"], "hasData": ["boolean"],
                   "isPartial": "boolean"}]'
            )
        ) as point
    from pages
),

values_by_term as (
    select
        *,
        unnest(terms) as term,
        unnest(point.value) as interest,
        unnest(point.hasdata) as has_data
    from points
)

select
    page_id as pull,
    split_part(time_window, ' ', 1)::date as window_first_day,
    split_part(time_window, ' ', 2)::date as window_last_day,
    resolution,
    region,
    category,
    property,
    sample is not null as is_sample,
    list_sort(list_transform(terms, lambda each: lower(each))) as terms,
    term,
    to_timestamp(point.time)::date as period_start,
    point.formattedtime as label,
    case when coalesce(has_data, true) then interest end as interest,
    coalesce(point.ispartial, false) or to_timestamp(point.time) > fetched_at as is_partial,
    fetched_at,
    content,
    page_id
from values_by_term
