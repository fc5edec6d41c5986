-- One row per metric and pair of subjects: who leads, and since when.
with states as (
    select
        metric_id,
        first_id,
        second_id,
        case when bool_or(is_sample) then 'sample' else 'ok' end as state
    from {{ ref('int_rivals') }}
    group by all
),

found as (
    select
        pairs.metric_id,
        pairs.first_id,
        pairs.second_id,
        states.state,
        findings.* exclude (metric_id, first_id, second_id),
        coalesce(findings.first_leads, true) as first_is_leader
    from {{ ref('int_pairs') }} as pairs
    left join states using (metric_id, first_id, second_id)
    left join {{ ref('int_crossovers') }} as findings using (metric_id, first_id, second_id)
    where
        pairs.metric_id not in (
            select metrics.metric_id
            from {{ ref('metric_register') }} as metrics
            where metrics.grain = 'year'
        )
)

select
    metric_id,
    case when first_is_leader then first_id else second_id end as leader_id,
    case when first_is_leader then second_id else first_id end as trailer_id,
    coalesce(status, 'no data') as status,
    crossed_on::date as crossed_on,
    low_on::date as low_on,
    high_on::date as high_on,
    sustained_since::date as sustained_since,
    case when first_is_leader then ratio else 1 / ratio end as ratio,
    case when first_is_leader then ratio_low else 1 / ratio_high end as ratio_low,
    case when first_is_leader then ratio_high else 1 / ratio_low end as ratio_high,
    compared_from::date as compared_from,
    compared_to::date as compared_to,
    coalesce(periods, 0) as periods,
    state
from found
