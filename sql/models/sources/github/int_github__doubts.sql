-- One row per reading of a counter or week of stars that is in doubt, with the reason.
-- A finished week of stars is told again by a few less, as stars are taken back one by one. By a quarter and more than
-- ten it is told otherwise.
{% set retold_share, retold_stars = 0.25, 10 %}
with one_repository as (
    select
        repositories.repository_id,
        string_agg(subjects.name, ' and ' order by subjects.position) as names
    from {{ ref('int_github__repositories') }} as repositories
    inner join {{ ref('subjects') }} as subjects using (subject_id)
    group by all
    having count(*) > 1
),

shared as (
    select
        repositories.subject_id,
        one_repository.names || ' are one repository at GitHub: these are the figures of both' as reason
    from {{ ref('int_github__repositories') }} as repositories
    inner join one_repository using (repository_id)
),

of_shared as (
    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        shared.reason
    from {{ ref('int_observations') }} as observations
    inner join shared using (subject_id)
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    where metrics.source_id = 'github'
),

leaps as (
    select
        subject_id,
        metric_id,
        period_start,
        format('{:,d} after {:,d}', value::bigint, value_before::bigint)
        || case when value = 0 then ', and none at all is no counter that runs' else ' all at once' end as reason
    from {{ ref('int_github__counter_jumps') }}
),

off_weeks as (
    select
        subject_id,
        'github_stars_gained' as metric_id,
        week as period_start,
        'GitHub began this week on a ' || dayname(week) || ', not on a Sunday' as reason
    from {{ ref('int_github__star_weeks') }}
    where dayofweek(week) <> 0
),

-- Stars that are taken back leave their week a few at a time.
retold as (
    select
        *,
        abs(value - value_before) > {{ retold_share }} * greatest(value, value_before)
        and abs(value - value_before) > {{ retold_stars }} as is_told_otherwise
    from (
        select
            subject_id,
            metric_id,
            period_start,
            value,
            lag(value) over in_time as value_before,
            first_read_at
        from {{ ref('int_github__vintages') }}
        window in_time as (partition by subject_id, period_start, component order by first_read_at)
        qualify row_number() over (
            partition by subject_id, period_start, component order by first_read_at desc
        ) = 1
    )
),

-- Where several weeks are told otherwise at once, so may be those that have hardly changed.
retold_weeks as (
    select
        subject_id,
        metric_id,
        period_start,
        format(
            'GitHub told {:,d} until {}, when the week was long over',
            value_before::bigint, strftime(first_read_at, '%Y-%m-%d')
        ) as reason
    from retold
    where value_before is not null and value <> value_before
    qualify
        is_told_otherwise
        or count(*) filter (where is_told_otherwise) over (partition by subject_id, first_read_at) >= 3
)

select * from of_shared
union all
select * from leaps
union all
select * from off_weeks
union all
select * from retold_weeks
