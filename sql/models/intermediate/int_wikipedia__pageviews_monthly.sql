-- One row per subject and complete UTC month, every day of which is known. Unit: views of the subject's article.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_days('wikipedia_pageviews', 'month', part='month') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
select
    subject_id,
    date_trunc('month', period_start)::date as month,
    sum(value)::bigint as pageviews,
    case when bool_or(state = 'sample') then 'sample' else 'ok' end as pageviews_state
from {{ ref('int_wikipedia__observations') }}
{% if is_incremental() %}
    where period_start >= {{ first_renewed('wikipedia_pageviews', part='month') }}
{% endif %}
group by all
having count(*) = day(max(last_day(period_start)))
