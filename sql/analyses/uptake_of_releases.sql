-- How fast do users move to a new release? The share of each minor version in weeks since its first download.
with releases as (
    select
        subject_id,
        package,
        day,
        category as minor_version,
        downloads,
        state
    from package_downloads_split
    where split = 'minor_version' and category not in ('pre-release', 'other')
),

days as (
    select
        *,
        sum(downloads) over (partition by subject_id, package, day) as downloads_of_the_day,
        day - min(day) over (partition by subject_id, package, minor_version) as age,
        bool_or(true) over (
            partition by subject_id, package
            order by day
            range between interval 7 days preceding and interval 1 day preceding
        ) as is_known_before
    from releases
),

-- The seven days that end so many days after the first download.
weeks as (
    select
        days.subject_id,
        days.package,
        days.minor_version,
        ages.age,
        sum(days.downloads) / sum(days.downloads_of_the_day) as share
    from days
    inner join (values (7), (30), (90), (180)) as ages (age)
        on days.age between ages.age - 6 and ages.age
    group by all
    having count(*) = 7
),

-- Of a version that was there before the logs, or first after days that they lack, nobody knows since when.
versions as (
    select
        subject_id,
        package,
        minor_version,
        min(day) as first_downloaded_on,
        max(downloads / downloads_of_the_day) as highest_share,
        state_of(max(doubt_of(state))) as state
    from days
    group by all
    having bool_or(is_known_before) filter (where age = 0)
)

select
    versions.subject_id as subject,
    versions.package,
    versions.minor_version,
    versions.first_downloaded_on,
    max(weeks.share) filter (where weeks.age = 7) as share_after_7_days,
    max(weeks.share) filter (where weeks.age = 30) as share_after_30_days,
    max(weeks.share) filter (where weeks.age = 90) as share_after_90_days,
    max(weeks.share) filter (where weeks.age = 180) as share_after_180_days,
    versions.highest_share,
    versions.state
from versions
left join weeks using (subject_id, package, minor_version)
where versions.highest_share >= 0.01
group by all
order by subject asc, versions.package asc, versions.first_downloaded_on desc, versions.minor_version desc
