-- One row per measure (leads, grows), metric, pair of subjects and period that a claim is judged by. Unit of log_ratio:
-- natural logarithm. A period is known so many days after its end as its source may take.
with asked as (
    select distinct
        measures.measure,
        measures.metric_id,
        claims.about_id,
        rivals.rival_id
    from {{ source('raw', 'claim_measures') }} as measures
    inner join {{ source('raw', 'claims') }} as claims using (claim_id)
    inner join {{ source('raw', 'claim_rivals') }} as rivals using (claim_id)
),

pairs as (
    select distinct
        measure,
        metric_id,
        least(about_id, rival_id) as one_id,
        greatest(about_id, rival_id) as other_id
    from asked
)

select distinct
    pairs.measure,
    rivals.metric_id,
    rivals.first_id,
    rivals.second_id,
    rivals.period_start,
    rivals.period_end,
    rivals.log_ratio,
    rivals.counting,
    rivals.run,
    rivals.periods_a_quarter,
    rivals.is_stock,
    sources.expected_lag_days + metrics.asked_after_days as expected_lag_days
from {{ ref('int_rivals') }} as rivals
inner join {{ ref('metric_register') }} as metrics on rivals.metric_id = metrics.metric_id
inner join {{ source('raw', 'sources') }} as sources on metrics.source_id = sources.source_id
inner join pairs
    on
        rivals.metric_id = pairs.metric_id
        and pairs.one_id = least(rivals.first_id, rivals.second_id)
        and pairs.other_id = greatest(rivals.first_id, rivals.second_id)
