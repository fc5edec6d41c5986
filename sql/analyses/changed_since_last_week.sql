-- What has changed in the week before this file was built? Each newest figure beside the newest known by then.
with cutoff as (
    select utc_day(built_at) - coalesce(getvariable('days'), '7')::integer as cutoff_on from build_info
),

over as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state
    from observations
    where observations.state not in ('partial', 'suspect')
),

newest as (
    select over.* from over
    cross join cutoff
    where over.period_end > cutoff.cutoff_on
    qualify row_number() over (partition by over.subject_id, over.metric_id order by over.period_start desc) = 1
),

known_then as (
    select over.* from over
    cross join cutoff
    where over.period_end <= cutoff.cutoff_on
    qualify row_number() over (partition by over.subject_id, over.metric_id order by over.period_start desc) = 1
)

select
    newest.metric_id as metric,
    newest.subject_id as subject,
    known_then.period_end as then_up_to,
    known_then.value as value_then,
    newest.period_end as now_up_to,
    newest.value as value_now,
    newest.value - known_then.value as change,
    newest.state
from newest
left join known_then using (subject_id, metric_id)
order by metric, subject
