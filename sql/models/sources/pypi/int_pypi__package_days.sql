-- One row per package, UTC day and basis: the download logs by installer, and pypistats. Unit: downloads.
-- downloads leaves mirrors out, and left_out is what it leaves out: of the logs all that copy, at pypistats four of
-- them and the clients that did not say who they are. counted_by_pypistats is either by pypistats' rule.
-- A day that may still be loading, or that the logs count in two ways, is not known yet.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with logs as (
    select
        package,
        day,
        'download logs by installer' as basis,
        sum(downloads) filter (where installer_class <> 'mirror') as downloads,
        sum(downloads) filter (where installer_class = 'people') as people_downloads,
        sum(downloads) filter (where installer_class = 'mirror') as left_out,
        sum(counted_by_pypistats) as counted_by_pypistats,
        any_value(is_spread or is_sample) as is_made,
        any_value(is_sample) as is_sample,
        any_value(fetched_at) as fetched_at
    from {{ of_renewed_packages(ref('int_pypi__log_classes')) }}
    where not is_loading
    group by all
)

select
    package,
    day,
    basis,
    downloads::bigint as downloads,
    people_downloads::bigint as people_downloads,
    left_out::bigint as left_out,
    counted_by_pypistats::bigint as counted_by_pypistats,
    is_made,
    is_sample,
    fetched_at
from logs
union all by name
select
    package,
    day,
    'pypistats, mirrors left out' as basis,
    downloads,
    null::bigint as people_downloads,
    left_out,
    downloads as counted_by_pypistats,
    is_spread or is_sample as is_made,
    is_sample,
    fetched_at
from {{ of_renewed_packages(ref('int_pypi__pypistats_days')) }}
