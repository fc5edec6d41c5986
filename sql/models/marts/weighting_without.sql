-- One row per measure that is weighted: who leads when it is left out, and under which share of the weightings.
with measures as (
    select distinct
        kind,
        metric_id
    from {{ ref('int_weighted_figures') }}
    where share is not null
),

standings as (
    select distinct
        kind,
        without_id as metric_id,
        subject_id,
        measures,
        leads_share
    from {{ ref('int_weightings') }}
    where without_id <> ''
),

most as (
    select
        kind,
        metric_id,
        subject_id,
        measures,
        leads_share
    from standings
    -- Two that lead under as many weightings are nobody.
    qualify
        leads_share > 0
        and leads_share = max(leads_share) over (partition by kind, metric_id)
        and count(*) over (partition by kind, metric_id, leads_share) = 1
)

select
    measures.kind,
    measures.metric_id,
    most.subject_id as leader_id,
    most.leads_share
from measures
left join most using (kind, metric_id)
