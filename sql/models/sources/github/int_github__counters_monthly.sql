-- One row per subject and UTC month in which its repository was read: each counter as last known in it.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_days('github_stars_total', 'month', part='month') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
select
    subject_id,
    date_trunc('month', observed_on)::date as month,
    arg_max(stars, observed_on) as stars_total,
    any_value(stars) filter (where day(observed_on) = 1) as stars_on_first,
    arg_max(forks, observed_on) as forks_total,
    arg_max(open_issues, observed_on) as open_issues,
    arg_max(subscribers, observed_on) as subscribers_total
from {{ ref('int_github__counters') }}
{% if is_incremental() %}
    where observed_on >= {{ first_renewed('github_stars_total', part='month') }}
{% endif %}
group by all
