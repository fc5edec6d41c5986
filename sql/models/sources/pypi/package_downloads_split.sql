-- One row per subject, package of its family, UTC day, split (system, python_minor, minor_version, country) and
-- category. Unit: downloads, mirrors left out; the categories of a split sum to all of them, or are suspect.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with days as (
    select
        package,
        day,
        split,
        category,
        downloads,
        is_sample,
        fetched_at
    from {{ of_renewed_packages(ref('stg_pypi__split_days')) }}
    union all by name
    select * from {{ of_renewed_packages(ref('int_pypi__log_split_days')) }}
),

doubts as (
    select * from {{ ref('int_pypi__split_doubts') }}
    union all by name
    select * from {{ ref('int_pypi__log_split_doubts') }}
),

-- Of what pypistats tells none is as old as these.
fault_days as (
    select
        day,
        unnest(['minor_version', 'country']) as split,
        fault
    from {{ ref('int_pypi__fault_days') }}
)

select
    days.package,
    identifiers.subject_id,
    days.day,
    days.split,
    days.category,
    days.downloads,
    case
        when days.is_sample then 'sample'
        when coalesce(fault_days.fault, doubts.package) is not null then 'suspect'
        else 'ok'
    end as state,
    case
        when not days.is_sample
            then coalesce(
                fault_days.fault,
                format(
                    '{:,} downloads of all categories, {:,} of the day', doubts.downloads, doubts.downloads_of_the_day
                )
            )
    end as state_reason
from days
inner join {{ source('raw', 'identifiers') }} as identifiers
    on days.package = identifiers.identifier and identifiers.source_id = 'pypi'
left join doubts
    on days.package = doubts.package and days.day = doubts.day and days.split = doubts.split
left join fault_days on days.day = fault_days.day and days.split = fault_days.split
where days.day < days.fetched_at::date
