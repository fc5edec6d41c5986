-- One row per subject or tool and UTC month since its first known day. Unit: downloads, summed over counted packages.
-- Counted by the download logs as far as these go for the whole family, after them by pypistats: the way of
-- counting changes once at the most, a hole stays a hole, and a month that lacks a day of a package has no figure.
{{ config(materialized='table') }}

with months as (
    select
        subject_id,
        month,
        basis,
        sum(days_known) as days_known,
        sum(days_known) = sum(days_expected) as is_complete,
        string_agg(package || ' ' || days_known || ' of ' || days_expected || ' days', ', ' order by package)
        filter (where days_known < days_expected) as missing,
        sum(downloads)::bigint as downloads,
        sum(people_downloads)::bigint as people_downloads,
        case when count(left_out) = count(*) then sum(left_out)::bigint end as left_out,
        bool_or(is_sample) as is_sample,
        max(fetched_at) as fetched_at
    from {{ ref('int_pypi__family_months') }}
    group by all
),

last_log_months as (
    select
        subject_id,
        max(month) as last_log_month
    from months
    where basis = 'download logs by installer' and is_complete
    group by all
),

-- Where neither is complete, the one that knows more tells what is missing.
chosen as (
    select
        months.*,
        months.basis = 'download logs by installer' as is_of_logs
    from months
    left join last_log_months using (subject_id)
    where is_of_logs or coalesce(months.month > last_log_months.last_log_month, true)
    qualify
        row_number() over (
            partition by months.subject_id, months.month
            order by months.is_complete desc, months.days_known desc, is_of_logs desc
        ) = 1
)

select
    subject_id,
    month,
    basis,
    is_complete,
    missing,
    case when is_complete then downloads end as downloads,
    -- Where no installer of people, or no mirror, was named all month, the logs did not tell them apart.
    case when is_complete then nullif(people_downloads, 0) end as downloads_low,
    case when is_complete and (not is_of_logs or left_out > 0) then downloads + left_out end
        as downloads_with_mirrors,
    is_of_logs,
    is_sample,
    fetched_at
from chosen
