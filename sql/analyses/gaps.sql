-- Which periods are missing between the first and the last of a series?
-- Totals are left out: they are of the days on which somebody looked.
with spans as (
    select
        observations.subject_id,
        observations.metric_id,
        metrics.grain,
        min(observations.period_start) as first_period,
        max(observations.period_start) as last_period
    from observations
    inner join metrics using (metric_id)
    where metrics.aggregation <> 'stock'
    group by all
),

expected as (
    select
        subject_id,
        metric_id,
        unnest(
            generate_series(
                first_period,
                last_period,
                case grain
                    when 'year' then interval 1 year
                    when 'month' then interval 1 month
                    when 'week' then interval 7 day
                    else interval 1 day
                end
            )
        )::date as period_start
    from spans
),

numbered as (
    select
        expected.*,
        observations.value is null as is_missing,
        row_number() over (partition by expected.subject_id, expected.metric_id order by expected.period_start)
        - row_number() over (
            partition by expected.subject_id, expected.metric_id, observations.value is null
            order by expected.period_start
        ) as stretch
    from expected
    left join observations using (subject_id, metric_id, period_start)
)

select
    metric_id as metric,
    subject_id as subject,
    min(period_start) as first_missing,
    max(period_start) as last_missing,
    count(*) as periods
from numbered
where is_missing
group by metric_id, subject_id, stretch
order by metric, subject, first_missing
