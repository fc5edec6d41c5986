-- One row per subject and week, Monday to Sunday, of which four days are known at least. Unit: views a day, the median.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_days('wikipedia_pageviews', 'week', part='week') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
select
    subject_id,
    date_trunc('week', period_start)::date as week,
    median(value) as views
from {{ ref('int_observations') }}
where
    metric_id = 'wikipedia_pageviews' and state <> 'partial'
    {% if is_incremental() %}
        and period_start >= {{ first_renewed('wikipedia_pageviews', part='week') }}
    {% endif %}
group by all
having count(*) >= 4
