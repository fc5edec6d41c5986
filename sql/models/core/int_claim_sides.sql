-- One row per claim, measure of it, and end of a month (or today): which side it takes by what was known then. side is
-- 1 for the claim, -1 against it, 0 too close to call, null where nothing is known of a rival, or nothing newer than a
-- year (of a metric by year, two), or one of the two had not been released. Ratios are to the rival that is nearest.
{{ config(materialized='table') }}

with days as (
    select as_of::date as as_of from {{ ref('int_claim_standings') }}
    union
    select built_at::date from {{ source('raw', 'build') }}
),

asked as (
    select
        days.as_of,
        measures.*,
        claims.about_id,
        rivals.rival_id,
        metrics.source_id,
        metrics.grain,
        coalesce(greatest(subjects.first_release_on, others.first_release_on) <= days.as_of, true) as are_released
    from {{ source('raw', 'claim_measures') }} as measures
    inner join {{ source('raw', 'claims') }} as claims using (claim_id)
    inner join {{ source('raw', 'claim_rivals') }} as rivals using (claim_id)
    inner join {{ ref('metric_register') }} as metrics using (metric_id)
    inner join {{ source('raw', 'subjects') }} as subjects on claims.about_id = subjects.subject_id
    inner join {{ source('raw', 'subjects') }} as others on rivals.rival_id = others.subject_id
    cross join days
),

compared as (
    select
        asked.*,
        standings.compared_to::date as compared_to,
        standings.first_id = asked.about_id as is_first,
        asked.are_released
        and asked.as_of - standings.compared_to::date
        <= case asked.grain when 'year' then 731 else 366 end as is_recent,
        case when is_first then standings.side else -standings.side end as side,
        case when is_first then standings.ratio else 1 / standings.ratio end as ratio,
        case when is_first then standings.ratio_low else 1 / standings.ratio_high end as ratio_low,
        case when is_first then standings.ratio_high else 1 / standings.ratio_low end as ratio_high
    from asked
    left join {{ ref('int_claim_standings') }} as standings
        on
            asked.measure = standings.measure
            and asked.metric_id = standings.metric_id
            and asked.as_of = standings.as_of::date
            and asked.about_id in (standings.first_id, standings.second_id)
            and asked.rival_id in (standings.first_id, standings.second_id)
)

select
    claim_id,
    metric_id,
    measure,
    as_of,
    source_id,
    weight,
    about_id,
    min(compared_to) as compared_to,
    case
        when not bool_and(coalesce(is_recent, false)) then null
        when bool_and(side = 1) then 1
        when bool_or(side = -1) then -1
        else 0
    end as side,
    arg_min(rival_id, ratio) as rival_id,
    min(ratio) as ratio,
    arg_min(ratio_low, ratio) as ratio_low,
    arg_min(ratio_high, ratio) as ratio_high
from compared
group by all
