-- One row per subject and finished month of the newest pull. Unit: index of that pull, 0 to 100.
with identifiers as (
    select
        subject_id,
        identifier as term
    from {{ source('raw', 'identifiers') }}
    where source_id = 'google_trends'
),

newest_pull as (
    select *
    from {{ ref('stg_google_trends__interest') }}
    where resolution = 'MONTH'
    qualify dense_rank() over (order by fetched_at desc, pull desc) = 1
)

select
    identifiers.subject_id,
    'google_trends_interest' as metric_id,
    newest_pull.period_start,
    last_day(newest_pull.period_start) as period_end,
    newest_pull.interest::double as value,
    null::double as low,
    null::double as high,
    case
        when newest_pull.is_sample then 'sample'
        else 'ok'
    end as state,
    'web search, worldwide, ' || newest_pull.time_window as basis,
    newest_pull.fetched_at as observed_at
from newest_pull
inner join identifiers using (term)
where newest_pull.interest is not null and not newest_pull.is_partial
