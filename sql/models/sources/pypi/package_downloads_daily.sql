-- One row per subject, package of its family, UTC day that is known and installer class. Unit: downloads.
-- Counted by the download logs as far as these go, after them by pypistats, which tells no installers: undivided are
-- those that it counts, and mirror_or_unnamed those that it leaves out, its mirrors and who did not say who they are.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_renewed_packages() }}",
) }}

-- depends_on: {{ ref('int_pypi__renewed_days') }}
with last_log_days as (
    select
        package,
        max(day) as last_log_day
    from {{ ref('int_pypi__log_classes') }}
    where not is_loading
    group by all
),

pypistats_days as (
    select
        days.package,
        days.day,
        days.downloads as undivided,
        days.left_out as mirror_or_unnamed,
        days.is_spread or days.is_sample as is_sample
    from {{ of_renewed_packages(ref('int_pypi__pypistats_days')) }} as days
    left join last_log_days using (package)
    where days.day > coalesce(last_log_days.last_log_day, '-infinity'::date)
),

log_days as (
    select log_classes.*
    from {{ of_renewed_packages(ref('int_pypi__log_classes')) }} as log_classes
    left join pypistats_days using (package, day)
    where not log_classes.is_loading or pypistats_days.day is null
),

days as (
    select
        package,
        day,
        installer_class,
        downloads,
        'download logs by installer' as basis,
        case when is_loading then 'partial' when is_spread or is_sample then 'sample' else 'ok' end as state
    from log_days
    union all by name
    select
        package,
        day,
        installer_class,
        downloads,
        'pypistats' as basis,
        case when is_sample then 'sample' else 'ok' end as state
    from pypistats_days
    unpivot (downloads for installer_class in (undivided, mirror_or_unnamed))
),

doubts as (
    select
        package,
        day,
        split_part(basis, ',', 1) as basis,
        {{ doubt_in_words('doubt', 'found', 'beside') }} as doubt
    from {{ ref('int_pypi__day_doubts') }}
)

select
    days.package,
    identifiers.subject_id,
    days.day,
    days.installer_class,
    days.downloads,
    identifiers.within is null
    and days.day between coalesce(identifiers.valid_from, days.day) and coalesce(identifiers.valid_until, days.day)
        as is_counted,
    days.basis,
    case
        when days.state = 'ok' and coalesce(fault_days.fault, doubts.doubt) is not null then 'suspect'
        else days.state
    end as state,
    case when days.state = 'ok' then coalesce(fault_days.fault, doubts.doubt) end as state_reason
from days
inner join {{ source('raw', 'identifiers') }} as identifiers
    on days.package = identifiers.identifier and identifiers.source_id = 'pypi'
left join {{ ref('int_pypi__fault_days') }} as fault_days using (day)
left join doubts on days.package = doubts.package and days.day = doubts.day and days.basis = doubts.basis
