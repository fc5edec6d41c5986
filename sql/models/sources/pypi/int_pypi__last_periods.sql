-- One row per interface: the newest day of the subjects' downloads that it tells. They are published by day too, long
-- before their month is complete. What a tool's packages tell makes the source no newer.
with packages as (
    select identifier as package
    from {{ source('raw', 'identifiers') }}
    where source_id = 'pypi'
)

select max(day) as last_period from {{ ref('stg_pypi__log_days') }}
where is_known and package in (select packages.package from packages)
union all
select max(day) as last_period from {{ ref('stg_pypi__overall_days') }}
where day < fetched_at::date and package in (select packages.package from packages)
