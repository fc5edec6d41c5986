-- One row per subject and change of its repository's name, on the UTC day on which it was first seen.
-- At first the name that was asked for counts as the one before.
with renamed as (
    select repository_id
    from {{ ref('int_github__names') }}
    group by all
    having count(distinct lower(name)) > 1
),

told as (
    select
        repositories.subject_id,
        names.repository_id,
        names.observed_on,
        names.full_name,
        lag(names.full_name, 1, names.repository)
            over (partition by repositories.subject_id order by names.fetched_at, names.page_id)
            as former_name
    from {{ ref('stg_github__repository') }} as names
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    semi join renamed using (repository_id)
)

select
    subject_id,
    repository_id,
    observed_on,
    former_name,
    full_name
from told
where lower(full_name) <> lower(former_name)
