-- One row per month of downloads that is in doubt, with the reason: days of a package in it are, the logs and pypistats
-- count the month apart, or one installer, Python version or system made most of it. And one per week whose downloads
-- by version are.
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

days as (
    select
        members.subject_id,
        date_trunc('month', doubts.day)::date as month,
        doubts.basis,
        doubts.package || ' ' || case
            when count(*) = max(doubts.day) - min(doubts.day) + 1
                then {{ stretch('min(doubts.day)', 'max(doubts.day)') }}
            else count(*) || ' days from ' || {{ stretch('min(doubts.day)', 'max(doubts.day)') }}
        end as days,
        doubts.doubt,
        sum(doubts.found)::bigint as found,
        sum(doubts.beside)::bigint as beside
    from {{ ref('int_pypi__day_doubts') }} as doubts
    inner join members
        on doubts.package = members.package and doubts.day between members.valid_from and members.valid_until
    group by members.subject_id, doubts.package, date_trunc('month', doubts.day), doubts.basis, doubts.doubt
),

-- Of a month with days in doubt these say more, and without mirrors more than with them.
months as (
    select
        members.subject_id,
        apart.first_day as month,
        bases.basis,
        apart.package || ' on ' || apart.days || ' days' as days,
        'counted apart ' || apart.counted as doubt,
        apart.logged as found,
        apart.told as beside
    from {{ ref('int_pypi__counts_apart') }} as apart
    cross join bases
    inner join members
        on
            apart.package = members.package
            and apart.first_day <= members.valid_until
            and last_day(apart.first_day) >= members.valid_from
    anti join days on members.subject_id = days.subject_id and apart.first_day = days.month
    where apart.grain = 'month'
    qualify
        row_number() over (
            partition by members.subject_id, apart.package, apart.first_day, bases.basis order by apart.counted desc
        ) = 1
)

select
    observations.subject_id,
    observations.metric_id,
    observations.period_start,
    doubts.days || ': ' || {{ doubt_in_words('doubts.doubt', 'doubts.found', 'doubts.beside') }} as reason
from (
    select * from days
    union all
    select * from months
) as doubts
inner join {{ ref('int_observations') }} as observations
    on
        doubts.subject_id = observations.subject_id
        and doubts.month = observations.period_start
        and starts_with(observations.basis, split_part(doubts.basis, ',', 1))
where observations.metric_id in ('pypi_downloads', 'pypi_downloads_with_mirrors')
union all
select
    subject_id,
    'pypi_downloads' as metric_id,
    month as period_start,
    format(
        '{:.0f} percent of it by one {}, {}, usually {:.0f}',
        100 * share,
        case split when 'python_minor' then 'Python version' else split end,
        case category when '' then 'not named' else category end,
        100 * usual_share
    ) as reason
from {{ ref('int_pypi__concentrations') }}
union all
select
    members.subject_id,
    observations.metric_id,
    observations.period_start,
    format(
        '{} on {} days: {:,} downloads of all versions, {:,} of these days',
        doubts.package,
        count(*),
        sum(doubts.downloads)::bigint,
        sum(doubts.downloads_of_the_day)::bigint
    ) as reason
from {{ ref('int_pypi__log_split_doubts') }} as doubts
inner join members
    on doubts.package = members.package and doubts.day between members.valid_from and members.valid_until
inner join {{ ref('int_observations') }} as observations
    on
        members.subject_id = observations.subject_id
        and doubts.day between observations.period_start and observations.period_end
where
    doubts.split = 'minor_version'
    and observations.metric_id in ('pypi_newest_minor_share', 'pypi_newest_minor_days')
group by members.subject_id, observations.metric_id, observations.period_start, doubts.package
