-- One row per observation of a flow: by how much it stands out from its neighbours. Unit: natural logarithms.
-- A figure must stand out from those before and from those after it, so that neither growth nor a new level
-- is a move; the newest must stand out from the one before it as well. A day's neighbours are the same
-- weekdays. None is counted in another way, and of the launch nothing is judged.
with breaks as (
    select
        metric_id,
        occurred_on
    from {{ ref('known_events') }}
    where kind = 'series break' and subject_id is null
),

series as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        observations.period_start - date '2000-01-01' as day_number,
        ln(observations.value + 0.5) as log_value,
        metrics.grain,
        (
            observations.subject_id,
            observations.metric_id,
            observations.basis,
            breaks.occurred_on,
            case metrics.grain when 'day' then dayofweek(observations.period_start) end
        ) as neighbourhood,
        thresholds.reach_days,
        thresholds.least_neighbours,
        subjects.first_release_on
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('subjects') }} as subjects using (subject_id)
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
    asof left join breaks
        on observations.metric_id = breaks.metric_id and observations.period_start >= breaks.occurred_on
    where observations.state = 'ok' and metrics.aggregation = 'flow' and metrics.unit <> 'share'
),

surrounded as (
    select
        *,
        median(log_value) over before as usual_before,
        coalesce(median(log_value) over after, lag(log_value) over in_time) as usual_after,
        (usual_before + usual_after) / 2 as usual,
        count(*) over before + count(*) over after as neighbours,
        min(period_start) over (partition by subject_id, metric_id) as begun_on
    from series
    window
        in_time as (partition by neighbourhood order by day_number),
        before as (
            partition by neighbourhood order by day_number
            range between reach_days preceding and 1 preceding
        ),
        after as (
            partition by neighbourhood order by day_number
            range between 1 following and reach_days following
        )
)

select
    subject_id,
    metric_id,
    period_start,
    grain,
    -- What of it is left beside the nearer of both sides.
    case
        when log_value > usual then greatest(log_value - greatest(usual_before, usual_after), 0)
        else least(log_value - least(usual_before, usual_after), 0)
    end as move,
    -- Counts scatter by their square root, however calm they have been.
    greatest(1.4826 * median(abs(log_value - usual)) over (partition by neighbourhood), exp(-usual / 2)) as spread
from surrounded
where
    usual is not null
    and neighbours >= least_neighbours
    and period_start >= coalesce(first_release_on, begun_on) + {{ var('launch_days') }}
