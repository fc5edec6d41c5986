-- One row per metric: the first day whose figures this build may tell anew; all where that is not known, none
-- ('infinity') where its source has told nothing. Reckoned from the answers since the last whole build.
{{ config(materialized='table') }}

with last_build as (
    select coalesce(max(built.page_id), 0) as page_id
    from {{ source('raw', 'built') }} as built
    where
        built.configuration_sha256 in (select build.configuration_sha256 from {{ source('raw', 'build') }} as build)
),

new_pages as (
    select source as source_id
    from {{ source('raw', 'pages') }}
    where page_id > (select last_build.page_id from last_build) and problem is null
    group by all
),

-- Of what is counted by day or week, and once told is only told again in part.
new_periods as (
    select
        'wikipedia' as source_id,
        'day' as grain,
        min(day) as first_day
    from {{ ref('stg_wikipedia__pageview_days') }}
    where page_id > (select last_build.page_id from last_build)
    union all
    select
        'github' as source_id,
        'day' as grain,
        min(observed_on) as first_day
    from {{ ref('stg_github__repository') }}
    where page_id > (select last_build.page_id from last_build)
    union all
    select
        'github' as source_id,
        'week' as grain,
        -- A week that begins on another day than before replaces the one whose days it shares.
        min(week) - 6 as first_day
    from {{ ref('stg_github__star_weeks') }}
    where page_id > (select last_build.page_id from last_build)
    union all
    select
        'github' as source_id,
        'month' as grain,
        date_trunc('month', min(week) - 6)::date as first_day
    from {{ ref('stg_github__star_weeks') }}
    where page_id > (select last_build.page_id from last_build)
),

-- A name that is new, or that is known to have changed its meaning, may bring another repository's past.
doubtful_names as (
    select name
    from {{ ref('int_github__names') }}
    group by all
    having count(*) > 1 or min(first_page_id) > (select last_build.page_id from last_build)
)

select
    metrics.metric_id,
    thresholds.reach_days,
    (select coalesce(max(pages.page_id), 0) from {{ source('raw', 'pages') }} as pages) as read_until,
    case
        when last_build.page_id = 0 then date '-infinity'
        when new_pages.source_id is null then date 'infinity'
        when metrics.source_id = 'github' and exists (from doubtful_names) then date '-infinity'
        when new_periods.source_id is null then date '-infinity'
        else coalesce(new_periods.first_day, date 'infinity')
    end as renewed_from
from {{ ref('metric_register') }} as metrics
cross join last_build
inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
left join new_pages using (source_id)
left join new_periods using (source_id, grain)
