-- One row per metric: the first day whose figures this build may tell anew; all where that is not known, none
-- ('infinity') where its source has told nothing. Reckoned from the answers since the last whole build.
-- A source whose past is only told again in part says by `int_<source_id>__renewed` from which day on, by grain.
{{ config(materialized='table') }}

with last_build as (
    select * from {{ ref('int_last_build') }}
),

new_pages as (
    select source as source_id
    from {{ source('raw', 'pages') }}
    where page_id > (select last_build.page_id from last_build) and problem is null
    group by all
),

new_periods as (
    select * from {{ offered('renewed', ['grain', 'first_day']) }}
)

select
    metrics.metric_id,
    thresholds.reach_days,
    (select coalesce(max(pages.page_id), 0) from {{ source('raw', 'pages') }} as pages) as read_until,
    case
        when last_build.page_id = 0 then date '-infinity'
        when new_pages.source_id is null then date 'infinity'
        when new_periods.source_id is null then date '-infinity'
        else coalesce(new_periods.first_day, date 'infinity')
    end as renewed_from
from {{ ref('metric_register') }} as metrics
cross join last_build
inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
left join new_pages using (source_id)
left join new_periods using (source_id, grain)
