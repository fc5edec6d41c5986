-- One row per subject, UTC month and package's day in it that was told in more than one way, as often as it was told
-- another way. Unit: downloads, mirrors left out.
with members as (
    select
        subject_id,
        identifier as package,
        coalesce(valid_from, '-infinity'::date) as valid_from,
        coalesce(valid_until, 'infinity'::date) as valid_until
    from {{ source('raw', 'identifiers') }}
    where source_id = 'pypi' and within is null
),

-- Found by their keys alone: of ten years of days the installers do not fit into memory together.
told_twice as (
    select
        package,
        day
    from {{ ref('stg_pypi__log_days') }}
    where is_known
    group by all
    having count(*) > 1
),

-- When each month, of those in which a day was, was first known whole, every day of every package.
whole_months as (
    select
        members.subject_id,
        date_trunc('month', first_days.day)::date as month,
        first_days.basis,
        max(first_days.read_at) as whole_at
    from (
        select
            package,
            day,
            'download logs by installer' as basis,
            min(first_read_at) as read_at
        from {{ ref('stg_pypi__log_days') }}
        where
            is_known
            and date_trunc('month', day) in (select date_trunc('month', told_twice.day) from told_twice)
        group by all
        union all by name
        select
            package,
            day,
            'pypistats, mirrors left out' as basis,
            min(first_read_at) as read_at
        from {{ ref('stg_pypi__overall_days') }}
        group by all
    ) as first_days
    inner join members
        on first_days.package = members.package and first_days.day between members.valid_from and members.valid_until
    group by all
),

entries as (
    select
        logs.package,
        logs.day,
        logs.first_read_at,
        unnest(map_entries(logs.installers)) as entry
    from {{ ref('stg_pypi__log_days') }} as logs
    semi join told_twice on logs.package = told_twice.package and logs.day = told_twice.day
    where logs.is_known
),

days as (
    select
        entries.package,
        entries.day,
        entries.first_read_at,
        'download logs by installer' as basis,
        sum(entries.entry.value) filter (where coalesce(installers.installer_class, 'unknown') <> 'mirror') as downloads
    from entries
    left join {{ ref('installers') }} as installers on lower(entries.entry.key) = lower(installers.installer)
    group by all
    union all by name
    select
        package,
        day,
        first_read_at,
        'pypistats, mirrors left out' as basis,
        downloads
    from {{ ref('stg_pypi__overall_days') }}
    where category = 'without_mirrors'
    qualify count(*) over (partition by package, day) > 1
)

select
    members.subject_id,
    'pypi_downloads' as metric_id,
    date_trunc('month', days.day)::date as period_start,
    days.basis,
    days.package || ' ' || days.day as component,
    coalesce(days.downloads, 0)::double as value,
    days.first_read_at,
    whole_months.whole_at
from days
inner join members
    on days.package = members.package and days.day between members.valid_from and members.valid_until
inner join whole_months
    on
        members.subject_id = whole_months.subject_id
        and date_trunc('month', days.day) = whole_months.month
        and days.basis = whole_months.basis
