-- Macros that every published file carries, so that any DuckDB client has them: from latest('pypi_downloads').
-- Run once in each new file, with its tables there. Their comments are what the data dictionary says of them.

create macro known_metric(metric) as
    case
        when metric in (select metrics.metric_id from metrics) then metric
        else error(
            'found metric ' || coalesce(metric, 'null') || ', expected one of '
            || (select string_agg(metrics.metric_id, ', ' order by metrics.metric_id) from metrics)
        )
    end;

comment on macro known_metric is 'The metric itself, or an error that names those there are: a misspelt metric is no empty answer.';

create macro latest(metric) as table
    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        value,
        low,
        high,
        state,
        basis,
        observed_at
    from observations
    where metric_id = known_metric(metric) and state not in ('partial', 'suspect')
    qualify row_number() over (partition by subject_id order by period_start desc) = 1
    order by value desc, subject_id;

comment on macro table latest is 'One row per subject: its newest figure in the metric, of a period that is over and lies in no known fault. The state may be stale or sample.';

create macro share_of(metric) as table
    with periods as (
        select
            subject_id,
            metric_id,
            period_start,
            period_end,
            value,
            basis,
            state
        from observations
        where metric_id = known_metric(metric) and state <> 'partial'
    )

    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        value,
        case
            when
                count(*) over same_period = (select count(distinct rivals.subject_id) from periods as rivals)
                and min(basis) over same_period is not distinct from max(basis) over same_period
                then value / nullif(sum(value) over same_period, 0)
        end as share,
        state
    from periods
    window same_period as (partition by period_start)
    order by period_start, subject_id;

comment on macro table share_of is 'One row per subject and period that is over: its share of the total of all compared subjects, 0 to 1. Null unless every subject that has the metric at all is known in the period, and all were counted in one way.';

create macro yoy(metric) as table
    with periods as (
        select
            observations.subject_id,
            observations.metric_id,
            observations.period_start,
            observations.period_end,
            observations.value,
            observations.basis,
            observations.state,
            case
                when metrics.grain = 'week' then observations.period_start - 364
                else (observations.period_start - interval 1 year)::date
            end as year_before_start
        from observations
        inner join metrics using (metric_id)
        where observations.metric_id = known_metric(metric) and observations.state <> 'partial'
    ),

    -- Breaks found in the data have no address; they are changes of basis, which is compared itself.
    breaks as (
        select
            subject_id,
            kind,
            occurred_on,
            coalesce(ended_on, occurred_on) as ended_on,
            title
        from events
        where metric_id = metric and kind in ('series break', 'measuring fault') and url is not null
    ),

    compared as (
        select
            periods.*,
            year_before.value as value_year_before,
            case
                when year_before.value is null then 'no figure a year before'
                when year_before.value = 0 then 'zero a year before'
                when year_before.basis is distinct from periods.basis then 'counted in another way'
                else (
                    select min_by(breaks.title, breaks.occurred_on)
                    from breaks
                    where
                        breaks.occurred_on <= periods.period_end
                        -- From its first day on a break is over: what begins there is counted in the new way.
                        and breaks.ended_on >= year_before.period_start + (breaks.kind = 'series break')::integer
                        and (breaks.subject_id is null or breaks.subject_id = periods.subject_id)
                )
            end as reason
        from periods
        left join periods as year_before
            on
                periods.subject_id = year_before.subject_id
                and periods.year_before_start = year_before.period_start
    )

    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        value,
        value_year_before,
        case when reason is null then value / value_year_before - 1 end as yoy,
        reason,
        state
    from compared
    order by period_start, subject_id;

comment on macro table yoy is 'One row per subject and period that is over: growth over the same month or day a year before, or over the week 52 weeks before; 0.1 is ten percent. Null, with the reason, where there is no figure a year before, the two were counted in different ways, or a break or fault lies between.';

create macro align_by_age(metric) as table
    select
        observations.subject_id,
        observations.metric_id,
        date_sub('month', subjects.first_release_on, observations.period_start) as age_months,
        observations.period_start - subjects.first_release_on as age_days,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state
    from observations
    inner join subjects using (subject_id)
    where observations.metric_id = known_metric(metric) and subjects.first_release_on is not null
    order by age_days, subject_id;

comment on macro table align_by_age is 'One row per figure with the age of its subject, in days and whole months from the first release to the first day of the period; negative before it. Subjects without a known first release are left out.';

create macro mean_of(metric, days) as table
    with breaks as (
        select
            subject_id,
            occurred_on
        from events
        where metric_id = metric and kind = 'series break'
    ),

    daily as (
        select
            observations.subject_id,
            observations.metric_id,
            observations.period_start as day,
            observations.value,
            observations.state,
            observations.basis || (
                select count(*)
                from breaks
                where
                    breaks.occurred_on <= observations.period_start
                    and (breaks.subject_id is null or breaks.subject_id = observations.subject_id)
            ) as way_of_counting
        from observations
        where
            observations.state <> 'partial'
            and observations.metric_id = case
                when
                    (select metrics.grain from metrics where metrics.metric_id = known_metric(metric)) = 'day'
                    then metric
                else error('found metric ' || metric || ', which is not told by day, expected one that is')
            end
    )

    select
        subject_id,
        metric_id,
        day,
        value,
        case
            when
                count(*) over last_days = days
                and min(way_of_counting) over last_days = max(way_of_counting) over last_days
                then avg(value) over last_days
        end as mean,
        case
            when bool_or(state = 'sample') over last_days then 'sample'
            when bool_or(state = 'suspect') over last_days then 'suspect'
            else state
        end as state
    from daily
    window last_days as (
        partition by subject_id order by day
        range between to_days(days::integer - 1) preceding and current row
    )
    order by day, subject_id;

comment on macro table mean_of is 'One row per subject and day of a daily metric: the mean of so many days up to it, 7 or 28 for whole weeks. Null where one of them is unknown or a series break lies among them; the state is suspect or sample where one of them is.';
