-- One row per repository name and UTC day on which GitHub said which repository it means, by its id.
-- A repository keeps its id through every rename; a name can be left and taken by another repository.
with told as (
    select
        repository as name,
        observed_on,
        repository_id,
        fetched_at
    from {{ ref('stg_github__repository') }}
    union all
    select
        full_name as name,
        observed_on,
        repository_id,
        fetched_at
    from {{ ref('stg_github__repository') }}
)

select
    name,
    observed_on,
    arg_max(repository_id, fetched_at) as repository_id
from told
group by all
