-- One row per repository and UTC day: its counters as last seen on that day. Unit: count.
{{ config(unique_key=['repository', 'observed_on']) }}

with pages as (
    select * from {{ new_pages('github', 'repository') }}
),

parsed as (
    select
        key as repository,
        (body ->> '$.id')::bigint as repository_id,
        body ->> '$.full_name' as full_name,
        (try_cast(body ->> '$.created_at' as timestamptz) at time zone 'America/Los_Angeles')::date as created_on,
        fetched_at::date as observed_on,
        (body ->> '$.stargazers_count')::bigint as stars,
        (body ->> '$.forks_count')::bigint as forks,
        (body ->> '$.open_issues_count')::bigint as open_issues,
        (body ->> '$.subscribers_count')::bigint as subscribers,
        fetched_at,
        page_id
    from pages
)

select
    repository,
    repository_id,
    full_name,
    created_on,
    observed_on,
    stars,
    forks,
    open_issues,
    subscribers,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by repository, observed_on order by fetched_at desc, page_id desc) = 1
