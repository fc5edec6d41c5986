-- One row per repository and UTC day: its counters as last seen on that day. Unit: count.
{{ staged(['repository', 'observed_on']) }}

with pages as (
    select * from {{ new_pages('github', 'repository') }}
),

read as (
    select
        *,
        body ->> [
            '$.id', '$.full_name', '$.stargazers_count', '$.forks_count', '$.open_issues_count',
            '$.subscribers_count', '$.created_at'
        ] as told
    from pages
),

parsed as (
    select
        key as repository,
        told[1]::bigint as repository_id,
        told[2] as full_name,
        (try_cast(told[7] as timestamptz) at time zone 'America/Los_Angeles')::date as created_on,
        fetched_at::date as observed_on,
        told[3]::bigint as stars,
        told[4]::bigint as forks,
        told[5]::bigint as open_issues,
        told[6]::bigint as subscribers,
        fetched_at,
        page_id
    from read
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
