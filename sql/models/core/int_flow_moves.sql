-- One row per observation of a flow, of a subject or a tool: by how much it stands out from its neighbours. Unit:
-- natural logarithms.
-- A figure must stand out from those before and from those after it, so that neither growth nor a new level
-- is a move; the newest must stand out from the one before it as well. A day's neighbours are the same
-- weekdays. None is counted in another way, and of the launch nothing is judged. What sums shorter periods is judged
-- by these.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed(reaches=1) }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
with breaks as (
    select
        metric_id,
        occurred_on,
        lead(occurred_on, 1, 'infinity') over (partition by metric_id order by occurred_on) as next_on
    from {{ ref('known_events') }}
    where kind = 'series break' and subject_id is null
),

flows as (
    select metric_id
    from {{ ref('metric_register') }}
    where aggregation = 'flow' and unit <> 'share' and made_how is distinct from 'shorter periods'
),

released as (
    select
        subject_id,
        first_release_on
    from {{ ref('subjects') }}
    where first_release_on is not null
),

begun as (
    select
        subject_id,
        metric_id,
        min(period_start) as begun_on
    from {{ ref('int_observations') }}
    where
        state = 'ok'
        and metric_id in (select flows.metric_id from flows)
        and subject_id not in (select released.subject_id from released)
    group by all
),

figures as (
    select *
    from {{ renewed_rows(ref('int_observations'), reaches=2) }}
    where state = 'ok' and metric_id in (select flows.metric_id from flows)
),

series as (
    select
        figures.subject_id,
        figures.metric_id,
        figures.period_start,
        figures.period_start - date '2000-01-01' as day_number,
        ln(figures.value + 0.5) as log_value,
        metrics.grain,
        figures.basis,
        breaks.occurred_on as counted_since,
        case metrics.grain when 'day' then dayofweek(figures.period_start) end as weekday,
        thresholds.reach_days,
        thresholds.least_neighbours,
        coalesce(released.first_release_on, begun.begun_on) as launched_on
    from figures
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    inner join {{ ref('unusual_thresholds') }} as thresholds using (grain)
    left join released using (subject_id)
    left join begun using (subject_id, metric_id)
    left join breaks
        on
            figures.metric_id = breaks.metric_id
            and figures.period_start >= breaks.occurred_on
            and figures.period_start < breaks.next_on
),

-- Medians of lists, because a median over a moving window takes four times as long.
surrounded as (
    select
        *,
        list(log_value) over before as values_before,
        list(log_value) over after as values_after,
        list_median(values_before) as usual_before,
        coalesce(list_median(values_after), lag(log_value) over in_time) as usual_after,
        (usual_before + usual_after) / 2 as usual,
        coalesce(len(values_before), 0) + coalesce(len(values_after), 0) as neighbours
    from series
    window
        in_time as (
            partition by subject_id, metric_id, basis, counted_since, weekday order by day_number
        ),
        before as (
            partition by subject_id, metric_id, basis, counted_since, weekday order by day_number
            range between reach_days preceding and 1 preceding
        ),
        after as (
            partition by subject_id, metric_id, basis, counted_since, weekday order by day_number
            range between 1 following and reach_days following
        )
)

select
    subject_id,
    metric_id,
    period_start,
    grain,
    basis,
    counted_since,
    weekday,
    -- What of it is left beside the nearer of both sides.
    case
        when log_value > usual then greatest(log_value - greatest(usual_before, usual_after), 0)
        else least(log_value - least(usual_before, usual_after), 0)
    end as move,
    usual,
    abs(log_value - usual) as deviation
from surrounded
where
    usual is not null
    and neighbours >= least_neighbours
    and period_start >= launched_on + {{ var('launch_days') }}
    {% if is_incremental() %}
        and {{ renewed(reaches=1) }}
    {% endif %}
