-- One row per claim and end of a month (or today): the verdict by what was known then.
-- Supported, or contradicted: so say two thirds of the weight of all that takes a side or is too close to call.
with weighed as (
    select
        claim_id,
        as_of,
        coalesce(sum(weight) filter (where side = 1), 0) as weight_for,
        coalesce(sum(weight) filter (where side = -1), 0) as weight_against,
        coalesce(sum(weight) filter (where side is not null), 0) as weight_known,
        sum(weight) as weight_asked,
        count(distinct source_id) filter (where side = 1) as sources_for,
        count(distinct source_id) filter (where side = -1) as sources_against
    from {{ ref('int_claim_sides') }}
    group by all
)

select
    *,
    case
        when weight_known = 0 then 'not measurable here'
        when weight_for >= 2 / 3 * weight_known then 'supported'
        when weight_against >= 2 / 3 * weight_known then 'contradicted'
        else 'mixed'
    end as verdict
from weighed
