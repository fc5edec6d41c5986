-- One row per package and week, Monday to Sunday, of which every day is known by version: its newest minor version,
-- that one's downloads and those of all final releases, mirrors left out. Pre-releases and what is no release are, too.
-- The newest is the highest that made a thousandth of the week's: what was withdrawn is not waited for. It was released
-- when it was first downloaded, which is known where the logs of the week before tell the package, too.
{% set least_share = 0.001 %}
with releases as (
    select
        package,
        day,
        category as minor_version,
        downloads,
        is_sample,
        fetched_at
    from {{ ref('int_pypi__log_split_days') }}
    where split = 'minor_version' and category not in ('pre-release', 'other')
),

known_days as (
    select
        package,
        day
    from {{ ref('stg_pypi__log_splits') }}
    where split = 'minor_version'
),

whole_weeks as (
    select
        package,
        date_trunc('week', day)::date as monday
    from known_days
    group by all
    having count(*) = 7
),

first_days as (
    select
        package,
        minor_version,
        min(day) as first_day
    from releases
    group by all
),

released as (
    select
        first_days.package,
        first_days.minor_version,
        first_days.first_day as released_on
    from first_days
    where exists (
        select 1 from known_days
        where
            known_days.package = first_days.package
            and known_days.day between first_days.first_day - 7 and first_days.first_day - 1
    )
),

weeks as (
    select
        releases.package,
        whole_weeks.monday,
        releases.minor_version,
        sum(releases.downloads)::bigint as downloads,
        bool_or(releases.is_sample) as is_sample,
        max(releases.fetched_at) as fetched_at
    from releases
    inner join whole_weeks
        on
            releases.package = whole_weeks.package
            and releases.day between whole_weeks.monday and whole_weeks.monday + 6
    group by all
),

all_releases as (
    select
        package,
        monday,
        sum(downloads)::bigint as downloads_of_releases,
        bool_or(is_sample) as is_sample,
        max(fetched_at) as fetched_at
    from weeks
    group by all
)

select
    weeks.package,
    weeks.monday,
    weeks.minor_version,
    released.released_on,
    weeks.downloads,
    all_releases.downloads_of_releases,
    all_releases.is_sample,
    all_releases.fetched_at
from weeks
inner join all_releases using (package, monday)
left join released using (package, minor_version)
where weeks.downloads >= {{ least_share }} * all_releases.downloads_of_releases
qualify
    row_number() over (
        partition by weeks.package, weeks.monday
        order by
            split_part(weeks.minor_version, '.', 1)::bigint desc,
            split_part(weeks.minor_version, '.', 2)::bigint desc
    ) = 1
