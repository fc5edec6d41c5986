-- One row per claim, metric, way of asking it and subject: the newest figure that the verdict of today rests on.
with today as (
    select built_at::date as as_of from {{ source('raw', 'build') }}
),

sides as (
    select sides.*
    from {{ ref('int_claim_sides') }} as sides
    inner join today using (as_of)
),

concerned as (
    select
        sides.*,
        sides.about_id as subject_id
    from sides
    union all
    select
        sides.*,
        rivals.rival_id as subject_id
    from sides
    inner join {{ source('raw', 'claim_rivals') }} as rivals using (claim_id)
),

figures as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state,
        observations.basis,
        observations.observed_at
    from {{ ref('observations') }} as observations
    where observations.state not in ('partial', 'missing', 'suspect')
    qualify
        row_number() over (
            partition by observations.subject_id, observations.metric_id order by observations.period_end desc
        ) = 1
)

select
    concerned.claim_id,
    concerned.metric_id,
    concerned.measure,
    concerned.subject_id,
    figures.period_start,
    figures.value,
    coalesce(figures.state, 'missing') as state,
    case concerned.side
        when 1 then 'supports'
        when -1 then 'contradicts'
        when 0 then 'too close to call'
        else 'not known'
    end as supports,
    concerned.weight,
    concerned.rival_id,
    concerned.ratio,
    concerned.ratio_low,
    concerned.ratio_high,
    concerned.compared_to,
    figures.basis,
    figures.observed_at
from concerned
left join figures using (subject_id, metric_id)
