-- One row per subject and UTC day on which its repository's counters were read.
-- Of a repository that was asked for under two names on one day, the later answer counts.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_days('github_stars_total', 'observed_on') }}",
) }}

-- depends_on: {{ ref('int_renewed') }}
select
    repositories.subject_id,
    counters.observed_on,
    counters.stars,
    counters.forks,
    counters.open_issues,
    counters.subscribers,
    counters.fetched_at
from {{ ref('stg_github__repository') }} as counters
inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
{% if is_incremental() %}
    where counters.observed_on >= {{ first_renewed('github_stars_total') }}
{% endif %}
qualify
    row_number() over (
        partition by repositories.subject_id, counters.observed_on
        order by counters.fetched_at desc, counters.page_id desc
    ) = 1
-- In order of time, for the observations made of it.
order by counters.observed_on
