-- One row per repository name and UTC day from which GitHub is known to mean one repository by it, by its id;
-- of a name that has meant several, one row per day on which it was read.
-- A repository keeps its id through every rename; a name can be left and taken by another repository.
{{ config(materialized='table') }}

with told as (
    select
        repository as name,
        observed_on,
        repository_id,
        fetched_at,
        page_id
    from {{ ref('stg_github__repository') }}
    union all
    select
        full_name as name,
        observed_on,
        repository_id,
        fetched_at,
        page_id
    from {{ ref('stg_github__repository') }}
    where full_name <> repository
),

names as (
    select
        name,
        min(observed_on) as observed_on,
        min(repository_id) as repository_id,
        max(repository_id) as other_repository_id,
        min(page_id) as first_page_id
    from told
    group by all
),

ambiguous as (
    select
        told.name,
        told.observed_on,
        arg_max(told.repository_id, told.fetched_at) as repository_id,
        min(told.page_id) as first_page_id
    from told
    semi join names on told.name = names.name and names.repository_id <> names.other_repository_id
    group by all
)

select
    name,
    observed_on,
    repository_id,
    first_page_id
from names
where repository_id = other_repository_id
union all
select
    name,
    observed_on,
    repository_id,
    first_page_id
from ambiguous
