-- One row per metric and pair of subjects that are compared, in the order of the configuration.
-- The number of pairs grows with the square of the subjects, so of many only the first are compared; and a metric
-- that sums another over longer periods would tell of it once more.
with compared as (
    select
        subject_id,
        position
    from {{ ref('subjects') }}
    where position < {{ var('compared_subjects') }}
)

select
    metrics.metric_id,
    firsts.subject_id as first_id,
    seconds.subject_id as second_id
from {{ ref('metric_register') }} as metrics
cross join compared as firsts
inner join compared as seconds on firsts.position < seconds.position
where metrics.made_how is distinct from 'shorter periods'
