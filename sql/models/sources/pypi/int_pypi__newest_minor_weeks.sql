-- One row per subject and week, Monday to Sunday, of which all packages of its family that count are known: the share
-- of the newest minor version, of each package its own, in the downloads of final releases, and how many days before
-- the week's end that of its most downloaded package was released. A package counts from the first week on that begins
-- when the logs know it.
{{ config(materialized='table') }}

with first_days as (
    select
        package,
        min(day) as first_day
    from {{ ref('stg_pypi__log_splits') }}
    where split = 'minor_version'
    group by all
),

members as (
    select
        identifiers.subject_id,
        identifiers.identifier as package,
        greatest(identifiers.valid_from, first_days.first_day) as first_day,
        coalesce(identifiers.valid_until, 'infinity'::date) as last_day
    from {{ source('raw', 'identifiers') }} as identifiers
    inner join first_days on identifiers.identifier = first_days.package
    where identifiers.source_id = 'pypi' and identifiers.within is null
),

known_days as (
    select
        members.subject_id,
        date_trunc('week', splits.day)::date as monday,
        count(*) as days_known
    from {{ ref('stg_pypi__log_splits') }} as splits
    inner join members using (package)
    where
        splits.split = 'minor_version'
        and members.first_day <= date_trunc('week', splits.day)
        and members.last_day >= date_trunc('week', splits.day) + interval 6 day
    group by all
),

whole_weeks as (
    select
        known_days.subject_id,
        known_days.monday
    from known_days
    inner join members
        on
            known_days.subject_id = members.subject_id
            and known_days.monday >= members.first_day
            and known_days.monday + 6 <= members.last_day
    group by known_days.subject_id, known_days.monday, known_days.days_known
    having known_days.days_known = 7 * count(*)
),

summed as (
    select
        members.subject_id,
        newest.monday,
        sum(newest.downloads) / nullif(sum(newest.downloads_of_releases), 0) as share,
        arg_max_null(newest.released_on, newest.downloads_of_releases) as released_on,
        bool_or(newest.is_sample) as is_sample,
        max(newest.fetched_at) as fetched_at
    from {{ ref('int_pypi__newest_minors') }} as newest
    inner join members
        on
            newest.package = members.package
            and newest.monday >= members.first_day
            and newest.monday + 6 <= members.last_day
    inner join whole_weeks on members.subject_id = whole_weeks.subject_id and newest.monday = whole_weeks.monday
    group by all
)

select
    subject_id,
    monday,
    share,
    monday + 6 - released_on as days_since_release,
    is_sample,
    fetched_at
from summed
