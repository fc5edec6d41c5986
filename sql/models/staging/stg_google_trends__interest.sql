-- One row per pull, term and period. Unit: index, 0 to 100 of the pull's own maximum over all its terms.
-- Values of two pulls have two scales and are never mixed. A point marked isPartial is not over yet.
{{ config(unique_key=['pull', 'term', 'period_start']) }}

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
        question ->> '$.time' as time_window,
        question ->> '$.resolution' as resolution,
        answer ->> '$.sample' as sample,
        question ->> '$.comparisonItem[*].complexKeywordsRestriction.keyword[0].value' as terms,
        unnest(
            from_json(
                answer -> '$.default.timelineData',
                '[{"time": "bigint", "value": ["bigint"], "hasData": ["boolean"], "isPartial": "boolean"}]'
            )
        ) as point
    from pages
),

values_by_term as (
    select
        page_id as pull,
        time_window,
        resolution,
        sample is not null as is_sample,
        unnest(terms) as term,
        to_timestamp(point.time)::date as period_start,
        unnest(point.value) as interest,
        unnest(point.hasdata) as has_data,
        coalesce(point.ispartial, false) as is_partial,
        fetched_at,
        page_id
    from points
)

select
    pull,
    time_window,
    resolution,
    is_sample,
    term,
    period_start,
    -- A zero without data is Google's way of saying nothing; a zero with data is a small value.
    case when coalesce(has_data, true) then interest end as interest,
    is_partial,
    fetched_at,
    page_id
from values_by_term
