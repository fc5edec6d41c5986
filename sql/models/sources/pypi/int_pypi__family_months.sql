-- One row per subject or tool, package that counts in its downloads, UTC month in which it does, and basis.
-- Days within a month are expected while the package counts; those that are known are summed. Unit: downloads.
with members as (
    select
        subject_id,
        identifier as package,
        coalesce(valid_from, '-infinity'::date) as valid_from,
        coalesce(valid_until, 'infinity'::date) as valid_until
    from {{ source('raw', 'every_identifier') }}
    where source_id = 'pypi' and within is null
),

bases as (
    select unnest(['download logs by installer', 'pypistats, mirrors left out']) as basis
),

spans as (
    select
        members.subject_id,
        unnest(
            generate_series(
                date_trunc('month', min(days.day)), date_trunc('month', max(days.day)), interval 1 month
            )
        )::date as month
    from {{ ref('int_pypi__package_days') }} as days
    inner join members using (package)
    group by members.subject_id
),

expected as (
    select
        members.subject_id,
        members.package,
        spans.month,
        bases.basis,
        greatest(spans.month, members.valid_from) as first_day,
        least(last_day(spans.month), members.valid_until) as final_day
    from spans
    inner join members using (subject_id)
    cross join bases
    where first_day <= final_day
)

select
    expected.subject_id,
    expected.package,
    expected.month,
    expected.basis,
    expected.final_day - expected.first_day + 1 as days_expected,
    count(days.day) as days_known,
    sum(days.downloads) as downloads,
    sum(days.people_downloads) as people_downloads,
    case when count(days.left_out) = count(days.day) then sum(days.left_out) end as left_out,
    bool_or(days.is_sample) as is_sample,
    max(days.fetched_at) as fetched_at
from expected
left join {{ ref('int_pypi__package_days') }} as days
    on
        expected.package = days.package
        and expected.basis = days.basis
        and expected.month = date_trunc('month', days.day)
        and days.day between expected.first_day and expected.final_day
group by all
