-- One row per kind and compared subject: under how many random weightings of the kind's measures it leads.
with kinds as (
    select unnest(['adoption', 'community']) as kind
),

compared as (
    select subject_id
    from {{ ref('subjects') }}
    where position < {{ var('compared_subjects') }} and (select count(*) from {{ ref('subjects') }}) > 1
),

-- A row for each rank, which tells the same of all but the rank.
standings as (
    select distinct
        kind,
        subject_id,
        measures,
        leads_share,
        index_low,
        index_median,
        index_high
    from {{ ref('int_weightings') }}
    where without_id = ''
),

states as (
    select
        kind,
        case when bool_or(state = 'sample') then 'sample' else 'ok' end as state
    from {{ ref('int_weighted_figures') }}
    where share is not null
    group by all
)

select
    kinds.kind,
    compared.subject_id,
    coalesce(standings.measures, 0)::integer as measures,
    standings.leads_share,
    standings.index_low,
    standings.index_median,
    standings.index_high,
    states.state
from kinds
cross join compared
left join standings using (kind, subject_id)
left join states using (kind)
