-- One row per compared subject or tool and metric of the sources that it is asked for at: how old its newest whole
-- period is, and what is to be said of that. A series is late past its source's expected lag, to which comes the length
-- of its period where that is longer (and of the periods that it is made of), and stale past three times that, or where
-- its source is withheld. From which moment on it is so, is told too: a file that nobody makes anew goes on ageing.
with configured as (
    select
        subject_id,
        source_id,
        -- What counts without an end keeps the series going.
        case when bool_and(valid_until is not null) then max(valid_until) end as valid_until
    from {{ source('raw', 'every_identifier') }}
    where within is null
    group by all
),

metrics as (
    select
        register.metric_id,
        register.source_id,
        register.grain,
        register.asked_after_days,
        parts.grain as grain_of_parts
    from {{ ref('metric_register') }} as register
    left join {{ ref('metric_register') }} as parts
        on register.made_from = parts.metric_id and register.made_how = 'shorter periods'
),

series as (
    select
        configured.subject_id,
        metrics.metric_id,
        metrics.grain,
        newest.last_period,
        newest.observed_at,
        build.built_at,
        build.built_at::date as built_on,
        least(configured.valid_until, sources.ended_on) as ends_on,
        case when ends_on < built_on then ends_on end as ended_on,
        ends_on = sources.ended_on as is_of_source,
        sources.expected_lag_days + metrics.asked_after_days as expected_of_source,
        {{ with_period('expected_of_source', 'metrics.grain_of_parts') }} as expected_of_parts,
        {{ with_period('expected_of_parts', 'metrics.grain') }} as expected_lag_days,
        withheld.reason is not null as is_withheld,
        withheld.is_checked
    from configured
    inner join {{ source('raw', 'sources') }} as sources using (source_id)
    inner join metrics using (source_id)
    cross join {{ source('raw', 'build') }} as build
    left join {{ ref('int_series') }} as newest using (subject_id, metric_id)
    left join {{ source('raw', 'withheld') }} as withheld using (source_id)
),

lags as (
    select
        *,
        case when last_period > ended_on then 0 else coalesce(ended_on, built_on) - last_period end as lag_days,
        {{ overdue_from('last_period', 'expected_lag_days', 'ends_on') }} as late_from,
        {{ overdue_from('last_period', '3 * expected_lag_days', 'ends_on') }} as stale_from
    from series
),

judged as (
    select
        *,
        case
            when last_period is null then 'never'
            when is_withheld or built_at >= stale_from then 'stale'
            when built_at >= late_from then 'late'
            else 'fresh'
        end as state
    from lags
)

select
    subject_id,
    metric_id,
    last_period,
    observed_at,
    ended_on,
    lag_days,
    expected_lag_days,
    late_from,
    stale_from,
    state,
    nullif(concat_ws(
        '; ',
        case
            when is_checked then 'its source''s newest answers failed a check and are withheld'
            when is_withheld then 'what was published before stays, though a check finds fault with it today'
            when last_period is null then 'no figure has been collected yet'
        end,
        case
            when lag_days > expected_lag_days
                then
                    'last ' || grain || ' ' || last_period || ' is ' || lag_days || ' days '
                    || coalesce('before its end on ' || ended_on, 'old') || ', expected at most '
                    || expected_lag_days
            when ended_on is not null and last_period is not null
                then
                    'ended on ' || ended_on
                    || case when is_of_source then ', as its source did' else ', as ecosystem.toml says' end
        end
    ), '') as reason
from judged
