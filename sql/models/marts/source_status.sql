-- One row per source: when it last answered, how old its newest complete period is, and why.
-- A source is stale when its newest answers failed a check, or one is in quarantine and has not been given anew. By its
-- newest period it is late past its expected lag and stale past three times that; by its series, but those that may
-- end, late where some of them are late or stale, and stale where all are stale. From which moment on it is so, is told
-- too: a file that nobody makes anew goes on ageing.
-- A source whose days are known before a series has them says so by `int_<source_id>__last_periods`.
with services as (
    select
        service,
        name
    from {{ source('raw', 'services') }}
    where name is not null
),

-- The newest attempt at each service. One that has not been asked for a week is asked no more; and what is said of no
-- service that is known (a killed run leaves such attempts) holds until the source is asked again.
attempts as (
    select
        newest.source as source_id,
        newest.finished_at,
        services.name || ': ' as service,
        newest.problem,
        newest.postponed
    from {{ source('raw', 'attempts') }} as newest
    left join services using (service)
    qualify
        row_number() over (
            partition by newest.source, newest.service order by newest.finished_at desc, newest.file desc
        ) = 1
        and newest.finished_at >= max(newest.started_at) over (partition by newest.source)
        - case when services.name is null then interval 0 day else interval 7 day end
),

asked as (
    select
        source_id,
        max(finished_at) as last_attempt_at,
        string_agg(concat(service, problem), '; ' order by service) filter (where problem is not null) as problem,
        string_agg(concat(service, postponed), '; ' order by service) filter (where postponed is not null)
            as postponed
    from attempts
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

-- Answers to which the source has given no other since they were taken out.
doubted as (
    select
        pages.source as source_id,
        min(pages.file || ':' || pages.line || ' is ' || pages.problem) as told,
        count(*) as answers
    from {{ source('raw', 'pages') }} as pages
    inner join {{ source('raw', 'quarantined') }} as quarantined
        on pages.file = quarantined.file and pages.line = quarantined.line
    where
        not exists (
            select 1
            from {{ source('raw', 'pages') }} as later
            where
                later.source = pages.source and later.endpoint = pages.endpoint and later.key = pages.key
                and later.fetched_at > pages.fetched_at and later.problem is null
        )
    group by all
),

series as (
    select
        metrics.source_id,
        status.*,
        {{ series_name('metrics.name', 'subjects.name') }} || ': ' || status.reason as told,
        metrics.may_end is null and status.last_period is not null as is_followed
    from {{ ref('series_status') }} as status
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    inner join {{ ref('subjects') }} as subjects using (subject_id)
),

periods as (
    select
        source_id,
        last_period
    from series
    union all
    select
        source_id,
        last_period
    from {{ offered('last_periods', ['last_period']) }}
),

last_periods as (
    select
        source_id,
        max(last_period) as last_period
    from periods
    group by all
),

lags as (
    select
        sources.source_id,
        asked.last_attempt_at,
        answers.last_success_at,
        last_periods.last_period,
        build.built_at,
        build.built_at::date - last_periods.last_period as lag_days,
        sources.expected_lag_days,
        asked.problem,
        asked.postponed,
        withheld.reason as withheld_reason,
        withheld.is_checked,
        doubted.told || case
            when doubted.answers > 1 then ', and ' || (doubted.answers - 1) || ' more answers are in quarantine'
            else ''
        end as doubted
    from {{ source('raw', 'sources') }} as sources
    cross join {{ source('raw', 'build') }} as build
    left join asked using (source_id)
    left join answers using (source_id)
    left join last_periods using (source_id)
    left join {{ source('raw', 'withheld') }} as withheld using (source_id)
    left join doubted using (source_id)
),

-- A series that was in time when its source was last heard is late with it, and need not be named.
followed as (
    select
        series.source_id,
        min(series.late_from) as some_late_from,
        case when bool_and(series.stale_from is not null) then max(series.stale_from) end as all_stale_from,
        -- What has ended as it should tells nothing any more.
        case when bool_and(series.ended_on is not null) then max(series.ended_on) end as ended_on,
        list(series.told order by series.lag_days desc, series.metric_id asc, series.subject_id asc) filter (
            where series.lag_days - case when lags.lag_days > lags.expected_lag_days then lags.lag_days else 0 end
            > series.expected_lag_days
        ) as late
    from series
    inner join lags using (source_id)
    where series.is_followed
    group by all
),

heard as (
    select
        lags.*,
        followed.late,
        least(lags.lag_days, followed.ended_on - lags.last_period) as silent_days,
        least(
            {{ overdue_from('lags.last_period', 'lags.expected_lag_days', 'followed.ended_on') }},
            followed.some_late_from
        ) as late_from,
        least(
            {{ overdue_from('lags.last_period', '3 * lags.expected_lag_days', 'followed.ended_on') }},
            followed.all_stale_from
        ) as stale_from
    from lags
    left join followed using (source_id)
),

judged as (
    select
        *,
        case
            when last_period is null then 'never'
            when withheld_reason is not null or doubted is not null or built_at >= stale_from then 'stale'
            when problem is not null then 'failed'
            when built_at >= late_from then 'late'
            else 'fresh'
        end as state
    from heard
)

select
    source_id,
    last_attempt_at,
    last_success_at,
    last_period,
    lag_days,
    expected_lag_days,
    late_from,
    stale_from,
    state,
    nullif(
        concat_ws(
            '; ',
            case
                when is_checked then 'its newest answers failed a check and are withheld: '
                else 'what was published before stays, though a check finds fault with it today: '
            end || withheld_reason,
            doubted,
            case when last_period is null and withheld_reason is null then 'no figure has been collected yet' end,
            case
                when silent_days > expected_lag_days
                    then
                        'last period ' || last_period || ' is ' || silent_days || ' days old, expected at most '
                        || expected_lag_days
            end,
            array_to_string(late[1:{{ var('named_series') }}], '; '),
            'and ' || nullif(greatest(len(late) - {{ var('named_series') }}, 0), 0) || ' more series',
            problem,
            postponed
        ),
        ''
    ) as reason
from judged
