-- Which days are unusual beside the same weekdays of the eight weeks around them?
-- Median and median absolute deviation of the logarithm; 5 such deviations by default, never called fake.
with days as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start as day,
        observations.value,
        observations.state,
        ln(observations.value + 1) as level
    from observations
    inner join metrics using (metric_id)
    where metrics.grain = 'day' and metrics.aggregation = 'flow' and observations.state <> 'partial'
),

neighbours as (
    select
        days.subject_id,
        days.metric_id,
        days.day,
        days.value,
        days.level,
        days.state,
        median(around.level) as usual_level,
        mad(around.level) as usual_deviation
    from days
    inner join days as around
        on
            days.subject_id = around.subject_id
            and days.metric_id = around.metric_id
            and abs(days.day - around.day) <= 28
            and dayofweek(days.day) = dayofweek(around.day)
            and days.day <> around.day
    group by all
    having count(*) >= 5
),

judged as (
    select
        *,
        exp(usual_level) - 1 as usual,
        -- At least two percent: of a line that hardly moves every step would be unusual.
        (level - usual_level) / greatest(1.4826 * usual_deviation, 0.02) as deviations
    from neighbours
)

select
    metric_id as metric,
    subject_id as subject,
    day,
    value,
    usual,
    deviations,
    state
from judged
where abs(deviations) > coalesce(getvariable('deviations'), '5')::double
order by abs(deviations) desc, metric asc, subject asc, day asc
