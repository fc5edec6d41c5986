-- What happened around a date, and how did the figures move from the 90 days before it to the 90 after?
-- That one follows another proves nothing.
with asked as (
    select
        coalesce(getvariable('date'), '2022-11-30')::date as asked_on,
        coalesce(getvariable('days'), '90')::integer as days
),

happened as (
    -- What broke or spoiled two metrics at once is told once.
    select distinct
        events.occurred_on as on_day,
        events.kind as what,
        events.title || coalesce(' (' || events.subject_id || ')', '') as told,
        null::double as mean_before,
        null::double as mean_after,
        null::varchar as state
    from events
    cross join asked
    where
        events.occurred_on <= asked.asked_on + asked.days
        and coalesce(events.ended_on, events.occurred_on) >= asked.asked_on - asked.days
),

moved as (
    select
        asked.asked_on as on_day,
        'mean a ' || metrics.grain as what,
        metrics.name || ' of ' || observations.subject_id as told,
        avg(observations.value) filter (where observations.period_end < asked.asked_on) as mean_before,
        avg(observations.value) filter (where observations.period_start > asked.asked_on) as mean_after,
        max(observations.state) as state
    from observations
    inner join metrics using (metric_id)
    cross join asked
    where
        metrics.aggregation <> 'stock'
        and observations.state not in ('partial', 'suspect')
        and observations.period_start >= asked.asked_on - asked.days
        and observations.period_end <= asked.asked_on + asked.days
    group by all
    having count(distinct observations.basis) = 1
)

select * from happened
union all
select * from moved
order by what, on_day, told
