-- One row per source: when it last answered, how old its newest complete period is, and why.
-- A source is stale when its newest answers failed a check, late past its expected lag and stale
-- past three times that.
-- Of each service of the source the newest attempt counts; one that asked the source as a whole, before its
-- services were told apart, only until they were.
with newest_attempts as (
    select
        source as source_id,
        service,
        finished_at,
        problem,
        postponed
    from {{ source('raw', 'attempts') }}
    qualify
        row_number() over (partition by source, service order by finished_at desc, file desc) = 1
        and (service is not null or not bool_or(service is not null) over (partition by source))
),

attempts as (
    select
        source_id,
        max(finished_at) as finished_at,
        string_agg(problem, '; ' order by service) as problem,
        string_agg(postponed, '; ' order by service) as postponed
    from newest_attempts
    group by all
),

answers as (
    select
        source as source_id,
        max(fetched_at) as last_success_at
    from {{ source('raw', 'pages') }}
    where problem is null
    group by all
),

-- A day that was observed before it was over is not known.
last_periods as (
    select
        metric_id,
        max(period_end) as last_period
    from {{ ref('int_periods') }}
    where period_end <= observed_at::date
    group by all
),

-- Downloads are published by day too, long before their month is complete.
known_days as (
    select max(day) as last_period from {{ ref('stg_pypi__log_days') }}
    where not is_loading
    union all
    select max(day) as last_period from {{ ref('stg_pypi__overall_days') }}
),

every_period as (
    select
        metrics.source_id,
        max(last_periods.last_period) as last_period
    from last_periods
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    group by all
    union all
    select
        'pypi' as source_id,
        last_period
    from known_days
),

periods as (
    select
        source_id,
        max(last_period) as last_period
    from every_period
    group by all
),

lags as (
    select
        sources.source_id,
        attempts.finished_at as last_attempt_at,
        answers.last_success_at,
        periods.last_period,
        build.built_at::date - periods.last_period as lag_days,
        sources.expected_lag_days,
        attempts.problem,
        attempts.postponed,
        withheld.reason as withheld_reason
    from {{ source('raw', 'sources') }} as sources
    cross join {{ source('raw', 'build') }} as build
    left join attempts using (source_id)
    left join answers using (source_id)
    left join periods using (source_id)
    left join {{ source('raw', 'withheld') }} as withheld using (source_id)
),

judged as (
    select
        *,
        case
            when last_period is null then 'never'
            when withheld_reason is not null then 'stale'
            when lag_days > 3 * expected_lag_days then 'stale'
            when problem is not null then 'failed'
            when lag_days > expected_lag_days then 'late'
            else 'fresh'
        end as state
    from lags
)

select
    source_id,
    last_attempt_at,
    last_success_at,
    last_period,
    lag_days,
    expected_lag_days,
    state,
    nullif(
        concat_ws(
            '; ',
            'its newest answers failed a check and are withheld: ' || withheld_reason,
            case
                when withheld_reason is not null then null
                when state in ('stale', 'late')
                    then
                        'last period ' || last_period || ' is ' || lag_days || ' days old, expected at most '
                        || expected_lag_days
                when state = 'never' then 'no figure has been collected yet'
            end,
            problem,
            postponed
        ),
        ''
    ) as reason
from judged
