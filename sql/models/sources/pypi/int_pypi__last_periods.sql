-- One row per interface: the newest day of downloads that it tells. They are published by day too, long before their
-- month is complete.
select max(day) as last_period from {{ ref('stg_pypi__log_days') }}
where is_known
union all
select max(day) as last_period from {{ ref('stg_pypi__overall_days') }}
where day < fetched_at::date
