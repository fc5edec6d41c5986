-- One row per headline metric of adoption or community and compared subject: its figure over the last whole quarter
-- (of a stock, its last reading) that is known of all and counted in one way, and its share of them. Without such a
-- quarter in the last year, reason says why, and the metric takes no part in a weighting.
{{ config(materialized='table') }}

with today as (
    select built_at::date as day from {{ source('raw', 'build') }}
),

compared as (
    select
        subject_id,
        name,
        position
    from {{ ref('subjects') }}
    -- One alone leads by any weights.
    where position < {{ var('compared_subjects') }} and (select count(*) from {{ ref('subjects') }}) > 1
),

-- What is made from another metric would have it weighed twice; an index has no share.
asked as (
    select
        metrics.metric_id,
        metrics.kind,
        metrics.source_id,
        metrics.grain,
        case
            when metrics.aggregation = 'stock' then 1
            else case metrics.grain when 'day' then 91 when 'week' then 13 else 3 end
        end as periods
    from {{ ref('metric_register') }} as metrics
    where
        metrics.source_id in (select sources.source_id from {{ source('raw', 'sources') }} as sources)
        and metrics.headline is not null
        and metrics.kind in ('adoption', 'community')
        and metrics.aggregation in ('flow', 'stock')
        and metrics.grain in ('day', 'week', 'month')
        and metrics.made_from is null
),

-- Of the last year, and of the quarter before that may begin in it.
figures as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state = 'sample' as is_sample
    from {{ ref('observations') }} as observations
    inner join asked using (metric_id)
    inner join compared using (subject_id)
    cross join today
    where observations.state not in ('partial', 'suspect') and observations.period_end >= today.day - 366 - 93
),

together as (
    select
        metric_id,
        period_start,
        max(period_end) as period_end
    from figures
    group by all
    having count(*) = (select count(*) from compared) and min(period_end) = max(period_end)
),

starts as (
    select
        together.*,
        asked.grain,
        asked.periods,
        asked.source_id,
        lag(together.period_start, asked.periods - 1) over (
            partition by together.metric_id order by together.period_start
        ) as first_start
    from together
    inner join asked using (metric_id)
),

-- Way of counting and series: what breaks them is an event.
breaks as (
    select
        metric_id,
        occurred_on
    from {{ ref('events') }}
    where
        kind = 'series break'
        and (subject_id is null or subject_id in (select compared.subject_id from compared))
),

windows as (
    select
        starts.metric_id,
        starts.source_id,
        starts.first_start,
        starts.period_start as last_start,
        starts.period_end
    from starts
    cross join today
    left join breaks
        on
            starts.metric_id = breaks.metric_id
            and starts.first_start < breaks.occurred_on
            and starts.period_end >= breaks.occurred_on
    where
        breaks.occurred_on is null
        and starts.period_end >= today.day - 366
        -- None is missing between them.
        and case starts.grain
            when 'month' then date_diff('month', starts.first_start, starts.period_start) = starts.periods - 1
            when 'week' then starts.period_start - starts.first_start = 7 * (starts.periods - 1)
            else starts.period_start - starts.first_start = starts.periods - 1
        end
    qualify row_number() over (partition by starts.metric_id order by starts.period_start desc) = 1
),

-- Who is counted twice has no share.
shared as (
    select
        windows.metric_id,
        string_agg(
            distinct identifiers.identifier || ' counts in ' || identifiers.shared_by,
            '; ' order by identifiers.identifier || ' counts in ' || identifiers.shared_by
        ) as reason
    from windows
    inner join {{ ref('identifiers') }} as identifiers using (source_id)
    where
        identifiers.shared_by is not null
        and coalesce(identifiers.shared_from <= windows.period_end, true)
        and coalesce(identifiers.shared_until >= windows.first_start, true)
    group by all
),

summed as (
    select
        figures.metric_id,
        figures.subject_id,
        min(figures.period_start) as period_start,
        max(figures.period_end) as period_end,
        sum(figures.value) as value,
        bool_or(figures.is_sample) as is_sample,
        sum(sum(figures.value)) over (partition by figures.metric_id) as total
    from figures
    inner join windows
        on
            figures.metric_id = windows.metric_id
            and figures.period_start between windows.first_start and windows.last_start
    group by figures.metric_id, figures.subject_id
),

recent as (
    select distinct
        figures.metric_id,
        figures.subject_id
    from figures
    cross join today
    where figures.period_end >= today.day - 366
),

unknown as (
    select
        asked.metric_id,
        'no figure of the last year of ' || string_agg(compared.name, ', ' order by compared.position) as reason
    from asked
    cross join compared
    left join recent on asked.metric_id = recent.metric_id and compared.subject_id = recent.subject_id
    where recent.subject_id is null
    group by all
),

told as (
    select
        asked.kind,
        asked.metric_id,
        compared.subject_id,
        compared.position,
        summed.period_start,
        summed.period_end,
        summed.value,
        summed.total,
        case when summed.is_sample then 'sample' when summed.value is not null then 'ok' end as state,
        coalesce(
            unknown.reason,
            case
                when summed.value is null then 'no whole quarter of the last year is known of all, counted in one way'
            end,
            shared.reason,
            case when summed.total = 0 then 'each figure is zero' end
        ) as reason
    from asked
    cross join compared
    left join summed on asked.metric_id = summed.metric_id and compared.subject_id = summed.subject_id
    left join unknown on asked.metric_id = unknown.metric_id
    left join shared on asked.metric_id = shared.metric_id
)

select
    * exclude (total),
    case when reason is null then value / total end as share
from told
