-- One row per subject or tool, package that counts in its downloads, UTC month, split and category (installer, Python
-- version, system). Unit: downloads of the days on which the package counts, mirrors left out of the installers'.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages(day='month') }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with parts as (
    select
        package,
        day,
        'installer' as split,
        installer as category,
        downloads
    from {{ of_renewed_packages(ref('int_pypi__installer_days')) }}
    where installer_class <> 'mirror'
    union all
    select
        package,
        day,
        split,
        category,
        downloads
    from {{ of_renewed_packages(ref('stg_pypi__split_days')) }}
)

select
    identifiers.subject_id,
    parts.package,
    date_trunc('month', parts.day)::date as month,
    parts.split,
    parts.category,
    sum(parts.downloads)::bigint as downloads
from parts
inner join {{ source('raw', 'every_identifier') }} as identifiers
    on parts.package = identifiers.identifier and identifiers.source_id = 'pypi' and identifiers.within is null
where parts.day between coalesce(identifiers.valid_from, parts.day) and coalesce(identifiers.valid_until, parts.day)
group by all
