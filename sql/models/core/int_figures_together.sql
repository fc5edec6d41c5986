-- One row per metric, pair of subjects, week or month and basis: the figures of both, where both are known.
-- Daily flows are added up to whole weeks; of daily stocks the week's last day on which both were read counts.
-- Which figures are unusual, and so left out, may change as far back as `int_unusual` judges anew.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed(reaches=judged_reaches(), part='week') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
with compared as (
    select first_id as subject_id from {{ ref('int_pairs') }}
    union
    select second_id as subject_id from {{ ref('int_pairs') }}
),

figures as materialized (
    select
        observations.*,
        metrics.grain,
        metrics.aggregation,
        case metrics.grain
            when 'day' then date_trunc('week', observations.period_start)::date else observations.period_start
        end as bucket
    from {{ renewed_rows(ref('observations'), reaches=judged_reaches(), part='week') }} as observations
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    where
        observations.state not in ('partial', 'suspect')
        and observations.subject_id in (select compared.subject_id from compared)
)

select
    pairs.metric_id,
    pairs.first_id,
    pairs.second_id,
    firsts.grain,
    firsts.aggregation,
    firsts.bucket,
    firsts.basis,
    case firsts.aggregation when 'stock' then max(firsts.period_start) else min(firsts.period_start) end
        as period_start,
    max(firsts.period_end) as period_end,
    case firsts.aggregation when 'stock' then arg_max(firsts.value, firsts.period_end) else sum(firsts.value) end
        as first_value,
    case firsts.aggregation when 'stock' then arg_max(seconds.value, seconds.period_end) else sum(seconds.value) end
        as second_value,
    bool_or(firsts.state = 'sample' or seconds.state = 'sample') as is_sample
from {{ ref('int_pairs') }} as pairs
inner join figures as firsts on pairs.metric_id = firsts.metric_id and pairs.first_id = firsts.subject_id
inner join figures as seconds
    on
        pairs.metric_id = seconds.metric_id
        and pairs.second_id = seconds.subject_id
        and firsts.period_start = seconds.period_start
        and firsts.basis = seconds.basis
group by
    pairs.metric_id, pairs.first_id, pairs.second_id, firsts.grain, firsts.aggregation, firsts.bucket, firsts.basis
having firsts.aggregation = 'stock' or firsts.grain <> 'day' or count(*) = 7
