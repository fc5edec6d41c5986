-- Macros that every published file carries, so that any DuckDB client has them: from latest('pypi_downloads').
-- Every derived series is written here and nowhere else: the wide marts and the site, with what it gives to programs,
-- read these. Run where the tables are; in the work database the macro `with_published_macros` of dbt does so.
-- Their comments are what the data dictionary says of them.

create or replace macro known_metric(metric) as
    case
        when metric in (select metrics.metric_id from metrics) then metric
        else error(
            'found metric ' || coalesce(metric, 'null') || ', expected one of '
            || (select string_agg(metrics.metric_id, ', ' order by metrics.metric_id) from metrics)
        )
    end;

comment on macro known_metric is 'The metric itself, or an error that names those there are: a misspelt metric is no empty answer.';

create or replace macro figure_id(subject, metric, first_day) as
    subject || '.' || metric || '.' || first_day::date;

comment on macro figure_id is 'The id of a figure, from the key of its row in observations (or of a tool''s in tool_observations). It stays, stands on the pages and in the files for programs, and barometer prove makes the figure again by it.';

create or replace macro doubt_of(state) as
    case state
        when 'ok' then 0
        when 'stale' then 1
        when 'suspect' then 2
        when 'sample' then 3
        when 'partial' then 4
    end;

comment on macro doubt_of is 'How doubtful a state is: ok 0, stale 1, suspect 2, sample 3, partial 4. What is made of several figures has the state of the most doubtful, state_of(max(doubt_of(state))).';

create or replace macro state_of(doubt) as
    case doubt
        when 0 then 'ok'
        when 1 then 'stale'
        when 2 then 'suspect'
        when 3 then 'sample'
        when 4 then 'partial'
    end;

comment on macro state_of is 'The state that is as doubtful as doubt_of says.';

create or replace macro told_once(reasons) as
    nullif(
        array_to_string(list_sort(list_distinct(reasons))[1:3], '; ')
        || case
            when len(list_distinct(reasons)) > 3 then '; and ' || (len(list_distinct(reasons)) - 3) || ' more'
            else ''
        end,
        ''
    );

comment on macro told_once is 'A list of reasons as one text: each of them once, three at the most; null where there is none.';

create or replace macro told_of_days(days, reasons) as
    case
        when len(days) > 1 then len(days) || ' days, ' || list_min(days) || ' to ' || list_max(days)
        else list_min(days)::varchar
    end
    || ': ' || told_once(reasons);

comment on macro told_of_days is 'Which days are in doubt, and why, as one text, from the list of these days and the list of their reasons; null where there is none.';

create or replace macro is_of(event_metric, metric) as
    event_metric = metric
    or event_metric = (select min(made.made_from) from metrics as made where made.metric_id = metric);

comment on macro is_of is 'Whether an event of one metric concerns another: what breaks or spoils a metric does the same to what is made from it.';

create or replace macro stretches_of(metric) as table
    with starts as (
        select
            subject_id,
            '-infinity'::date as first_day
        from subjects
        union
        select
            subjects.subject_id,
            events.occurred_on as first_day
        from events
        inner join subjects on events.subject_id is null or events.subject_id = subjects.subject_id
        where is_of(events.metric_id, metric) and events.kind = 'series break'
    )

    select
        subject_id,
        first_day,
        coalesce(lead(first_day) over in_time - 1, 'infinity'::date) as last_day,
        row_number() over in_time - 1 as breaks_before
    from starts
    window in_time as (partition by subject_id order by first_day);

comment on macro table stretches_of is 'One row per subject and stretch of days in which its figures of a metric were counted in one way: from a series break up to the day before the next; -infinity and infinity where there is none.';

create or replace macro counted(metric) as table
    with asked as (
        select
            metric_id,
            grain
        from metrics
        where metric_id = known_metric(metric)
    )

    select
        observations.subject_id,
        observations.metric_id,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state,
        observations.state_reason,
        observations.basis,
        stretches.breaks_before,
        observations.period_end > stretches.last_day as is_cut,
        asked.grain
    from observations
    inner join asked using (metric_id)
    inner join stretches_of(metric) as stretches
        on
            observations.subject_id = stretches.subject_id
            and observations.period_start between stretches.first_day and stretches.last_day
    where observations.state <> 'partial';

comment on macro table counted is 'One row per subject and period that is over, with how it was counted: by which basis, after how many series breaks (breaks_before), and whether one lies within the period (is_cut), so that it was counted in two ways. A break on the first day of a period lies before it.';

create or replace macro month_of(metric) as table
    with asked as (
        select
            grain,
            case
                when grain = 'month' or (grain = 'day' and aggregation = 'flow') then metric_id
                else error(
                    'found metric ' || metric_id || ', which is a ' || aggregation || ' told by ' || grain
                    || ', expected a flow told by day, or a metric told by month'
                )
            end as metric_id
        from metrics
        where metric_id = known_metric(metric)
    ),

    months as (
        select
            observations.subject_id,
            observations.metric_id,
            date_trunc('month', observations.period_start)::date as period_start,
            max(observations.period_end) as period_end,
            sum(observations.value) as value,
            max(doubt_of(observations.state)) as doubt,
            list(observations.period_start) filter (where observations.state_reason is not null) as days,
            list(observations.state_reason) filter (where observations.state_reason is not null) as reasons,
            observations.basis,
            asked.grain
        from observations
        inner join asked using (metric_id)
        where observations.state <> 'partial'
        -- A month of two bases falls apart here, and neither part has all of its days.
        group by 1, 2, 3, observations.basis, asked.grain
        having sum(observations.period_end - observations.period_start + 1) = day(last_day(max(observations.period_end)))
    )

    select
        months.subject_id,
        months.metric_id,
        months.period_start,
        months.period_end,
        months.value,
        state_of(months.doubt) as state,
        case months.grain when 'day' then told_of_days(months.days, months.reasons) else told_once(months.reasons) end
            as state_reason,
        months.basis
    from months
    inner join stretches_of(metric) as stretches
        on
            months.subject_id = stretches.subject_id
            and months.period_start >= stretches.first_day
            and months.period_end <= stretches.last_day
    order by months.period_start, months.subject_id;

comment on macro table month_of is 'One row per subject and month that is over and known whole: the sum of a flow that is told by day, or the figure of a metric that is told by month. No row where a day is unknown or a series break lies within the month; the state is that of the most doubtful day, and state_reason says which days and why.';

create or replace macro share_of(metric, monthly := false) as table
    with asked as (
        select
            metrics.metric_id,
            metrics.source_id,
            count(distinct identifiers.subject_id) as subjects,
            (
                select count(distinct observations.subject_id)
                from observations
                where observations.metric_id = metric and observations.state <> 'partial'
            ) as known_subjects
        from metrics
        left join identifiers using (source_id)
        where metrics.metric_id = known_metric(metric)
        group by all
    ),

    periods as materialized (
        select
            subject_id,
            metric_id,
            period_start,
            period_end,
            value,
            state,
            state_reason,
            basis,
            is_cut
        from counted(metric)
        where not monthly
        union all
        select
            subject_id,
            metric_id,
            period_start,
            period_end,
            value,
            state,
            state_reason,
            basis,
            false as is_cut
        from month_of(metric)
        where monthly
    ),

    shared as (
        select distinct
            lower(identifiers.identifier) as identifier,
            identifiers.shared_by,
            identifiers.shared_from,
            identifiers.shared_until
        from identifiers
        inner join asked using (source_id)
        where identifiers.shared_by is not null
    ),

    -- A share is made of all figures of its period, so what is told of one of them is told of each share.
    reasons as (
        select
            periods.period_start,
            max(doubt_of(periods.state)) as doubt,
            case when count(*) < any_value(asked.known_subjects) then string_agg(subjects.name, ', ' order by subjects.position) || ': ' else '' end
            || periods.state_reason as reason
        from periods
        cross join asked
        inner join subjects using (subject_id)
        where periods.state <> 'ok'
        group by periods.period_start, periods.state_reason
        union all
        select
            periods.period_start,
            doubt_of('suspect') as doubt,
            shared.identifier || ' is counted in ' || shared.shared_by as reason
        from (select distinct period_start, period_end from periods) as periods
        inner join shared
            on
                periods.period_start <= coalesce(shared.shared_until, 'infinity'::date)
                and periods.period_end >= coalesce(shared.shared_from, '-infinity'::date)
    ),

    doubts as (
        select
            period_start,
            max(doubt) as doubt,
            told_once(list(reason)) as reason
        from reasons
        group by period_start
    )

    select
        periods.subject_id,
        periods.metric_id,
        periods.period_start,
        periods.period_end,
        periods.value,
        case
            when
                count(*) over same_period = asked.known_subjects
                and (asked.known_subjects > 1 or asked.subjects = 1)
                and min(periods.basis) over same_period is not distinct from max(periods.basis) over same_period
                and not bool_or(periods.is_cut) over same_period
                then periods.value / nullif(sum(periods.value) over same_period, 0)
        end as share,
        state_of(coalesce(doubts.doubt, 0)) as state,
        doubts.reason as state_reason,
        periods.basis,
        periods.state as value_state,
        asked.known_subjects
    from periods
    cross join asked
    left join doubts using (period_start)
    window same_period as (partition by periods.period_start)
    order by period_start, subject_id;

comment on macro table share_of is 'One row per subject and period that is over: its share of the total of all compared subjects, 0 to 1; of whole months with share_of(metric, monthly := true). Null unless every subject that has a figure in any period is known in this one, and all were counted in one way. A subject of which the source tells nothing at all, for its package or tag is another, is left out, if two others are left; known_subjects says how many count. A share has the state of the most doubtful figure of its period, whoever it belongs to, and is suspect where one package, repository, tag, term or article counts in two subjects; value_state is the state of the value alone.';

create or replace macro last_year_of(metric) as table
    with periods as (
        select
            *,
            case when grain = 'week' then period_start - 364 else (period_start - interval 1 year)::date end
                as year_before_start
        from counted(metric)
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
        where is_of(metric_id, metric) and kind in ('series break', 'measuring fault') and url is not null
    ),

    compared as (
        select
            periods.*,
            year_before.value as value_year_before,
            year_before.state as state_year_before,
            year_before.state_reason as state_reason_year_before,
            case
                when year_before.value is null then 'no figure a year before'
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
        value_year_before,
        case when reason is null then value_year_before end as last_year,
        reason,
        state_year_before as state,
        state_reason_year_before as state_reason,
        basis,
        value,
        state as value_state,
        state_reason as value_state_reason
    from compared
    order by period_start, subject_id;

comment on macro table last_year_of is 'One row per subject and period that is over: the figure of the same month or day a year before, or of the week 52 weeks before, to be laid under this year''s. last_year is null, with the reason, where there is none, the two were counted in different ways, or a break or fault lies between; value_year_before is the figure all the same. The state is that of the figure a year before; value and value_state are this year''s.';

create or replace macro yoy(metric) as table
    with compared as (
        select * replace (coalesce(case when value_year_before = 0 then 'zero a year before' end, reason) as reason)
        from last_year_of(metric)
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
        state_of(greatest(doubt_of(value_state), coalesce(doubt_of(state), 0))) as state,
        told_once([value_state_reason, 'a year before: ' || state_reason]) as state_reason,
        basis
    from compared
    order by period_start, subject_id;

comment on macro table yoy is 'One row per subject and period that is over: growth over the same month or day a year before, or over the week 52 weeks before; 0.1 is ten percent. Null, with the reason, where there is no figure a year before, the two were counted in different ways, or a break or fault lies between. The state is that of the more doubtful of both figures, and state_reason says why.';

create or replace macro mean_of(metric, days) as table
    with asked as (
        select
            case grain
                when 'day' then metric_id
                else error('found metric ' || metric_id || ', which is not told by day, expected one that is')
            end as metric_id
        from metrics
        where metric_id = known_metric(metric)
    )

    select
        figures.subject_id,
        figures.metric_id,
        figures.period_start as day,
        figures.value,
        case
            when
                count(*) over last_days = days
                and min(figures.basis) over last_days is not distinct from max(figures.basis) over last_days
                and min(figures.breaks_before) over last_days = max(figures.breaks_before) over last_days
                then avg(figures.value) over last_days
        end as mean,
        state_of(max(doubt_of(figures.state)) over last_days) as state,
        told_of_days(
            list(figures.period_start) filter (where figures.state_reason is not null) over last_days,
            list(figures.state_reason) filter (where figures.state_reason is not null) over last_days
        ) as state_reason,
        figures.basis
    from counted(metric) as figures
    cross join asked
    where asked.metric_id = metric
    window last_days as (
        partition by figures.subject_id order by figures.period_start
        range between to_days(days::integer - 1) preceding and current row
    )
    order by day, subject_id;

comment on macro table mean_of is 'One row per subject and day of a daily metric: the mean of so many days up to it, 7 or 28 for whole weeks. Null where one of them is unknown or a series break lies among them; the state is that of the most doubtful of these days, and state_reason says which and why.';

create or replace macro cumulative_of(metric) as table
    with asked as (
        select
            case aggregation
                when 'flow' then metric_id
                else error('found metric ' || metric_id || ', which is a ' || aggregation || ', expected a flow, which adds up')
            end as metric_id
        from metrics
        where metric_id = known_metric(metric)
    ),

    -- A sum goes on as long as period follows period and all are counted in one way.
    figures as (
        select
            counted.*,
            not coalesce(
                counted.period_start = lag(counted.period_end) over in_time + 1
                and counted.basis is not distinct from lag(counted.basis) over in_time
                and counted.breaks_before = lag(counted.breaks_before) over in_time,
                false
            ) as begins
        from counted(metric) as counted
        inner join asked using (metric_id)
        where not counted.is_cut
        window in_time as (partition by counted.subject_id order by counted.period_start)
    ),

    runs as (
        select
            *,
            sum(begins::integer) over (partition by subject_id order by period_start) as run
        from figures
    )

    select
        subject_id,
        metric_id,
        period_start,
        period_end,
        value,
        sum(value) over so_far as total,
        min(period_start) over so_far as since,
        state_of(max(doubt_of(state)) over so_far) as state,
        told_of_days(
            list(period_start) filter (where state_reason is not null) over so_far,
            list(state_reason) filter (where state_reason is not null) over so_far
        ) as state_reason,
        basis
    from runs
    window so_far as (partition by subject_id, run order by period_start)
    order by period_start, subject_id;

comment on macro table cumulative_of is 'One row per subject and period of a flow that is over: the total of the periods from since up to it. A total begins anew after a period that is unknown and at a series break; a period that a break cuts has none. The state is that of the most doubtful of these periods, and state_reason says which and why.';

create or replace macro gathered_of(metric) as table
    with asked as (
        select
            metric_id,
            case
                when counted_by is not null then counted_by
                else error('found metric ' || metric_id || ', from whose past nothing vanishes, expected one with counted_by')
            end as counter
        from metrics
        where metric_id = known_metric(metric)
    ),

    readings as (
        select
            observations.subject_id,
            observations.period_end as read_on,
            observations.value
        from observations
        inner join asked on observations.metric_id = asked.counter
        where observations.state not in ('partial', 'suspect')
    ),

    counted_totals as (
        select
            totals.*,
            (
                select max(readings.value)
                from readings
                where readings.subject_id = totals.subject_id and readings.read_on between totals.period_start and totals.period_end
            ) as counter
        from cumulative_of(metric) as totals
        cross join asked
        where asked.metric_id = totals.metric_id
    ),

    losses as (
        select
            subject_id,
            period_end as read_on,
            greatest(counter - total, 0) as lost
        from counted_totals
        where counter is not null
    )

    select
        totals.subject_id,
        totals.metric_id,
        totals.period_start,
        totals.period_end,
        totals.total,
        totals.counter,
        totals.total + greatest(
            case when totals.period_end - earlier.read_on <= 45 then earlier.lost end,
            case when next.read_on - totals.period_end <= 45 then next.lost end
        ) as high,
        totals.since,
        -- A later reading that says as much takes away the doubt whether one of the periods told too much.
        case when totals.state = 'suspect' and later.value * 1.02 >= totals.total then 'ok' else totals.state end as state,
        case when totals.state = 'suspect' and later.value * 1.02 >= totals.total then null else totals.state_reason end as state_reason,
        totals.basis
    from counted_totals as totals
    asof left join readings as later
        on totals.subject_id = later.subject_id and totals.period_start <= later.read_on
    asof left join losses as earlier
        on totals.subject_id = earlier.subject_id and totals.period_end >= earlier.read_on
    asof left join losses as next
        on totals.subject_id = next.subject_id and totals.period_end <= next.read_on
    order by totals.period_start, totals.subject_id;

comment on macro table gathered_of is 'One row per subject and period of a flow from whose past something vanishes, as stars that are taken back leave their week: the total so far of what still stands, which is the least that had gathered, and in counter what the counter of metrics.counted_by said in the period, null where it was not read. What the counter says more has vanished since: high is the most that had gathered by what was missing at the readings before and after, null where none is within 45 days. A period in doubt is none here where a later reading of the counter says as much as the total.';

create or replace macro latest(metric) as table
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
        observed_at,
        state_reason
    from observations
    where metric_id = known_metric(metric) and state not in ('partial', 'suspect')
    qualify row_number() over (partition by subject_id order by period_start desc) = 1
    order by value desc, subject_id;

comment on macro table latest is 'One row per subject: its newest figure in the metric, of a period that is over and lies in no known fault. The state may be stale or sample.';

create or replace macro align_by_age(metric) as table
    select
        observations.subject_id,
        observations.metric_id,
        date_sub('month', subjects.first_release_on, observations.period_start) as age_months,
        observations.period_start - subjects.first_release_on as age_days,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.state,
        observations.state_reason,
        observations.basis
    from observations
    inner join subjects using (subject_id)
    where observations.metric_id = known_metric(metric) and subjects.first_release_on is not null
    order by age_days, subject_id;

comment on macro table align_by_age is 'One row per figure with the age of its subject, in days and whole months from the first release to the first day of the period; negative before it. Subjects without a known first release are left out.';

create or replace macro utc_day(moment) as
    date '1970-01-01' + floor(epoch_us(moment) / 86400000000)::integer;

comment on macro utc_day is 'The day of a moment in UTC, in whatever time zone the session is.';

create or replace macro clock() as
    coalesce(
        getvariable('now')::timestamptz,
        (select case when build_info.demo then build_info.built_at else now() end from build_info)
    );

comment on macro clock is 'The moment that ages are counted from: now, or what the variable now tells, as barometer sql sets it. The demo''s figures have a clock of their own, which stands where they were built.';

create or replace macro state_at(state, late_from, stale_from, moment) as
    case
        when state in ('never', 'stale') then state
        when moment >= stale_from then 'stale'
        when state <> 'failed' and moment >= late_from then 'late'
        else state
    end;

comment on macro state_at is 'The state of a source or a series at a moment, from the one that it was built with: what nothing newer comes of turns late, and then stale.';

create or replace macro told_at(reason, state, late_from, stale_from, built_at, moment) as
    nullif(
        concat_ws(
            '; ',
            reason || case
                when utc_day(moment) > utc_day(built_at) then ' (as of ' || utc_day(built_at) || ')' else ''
            end,
            case
                when state_at(state, late_from, stale_from, moment) <> state
                    then 'nothing newer was published since ' || utc_day(built_at)
            end
        ),
        ''
    );

comment on macro told_at is 'The reason that was told when the file was built, at a later moment: with the day that it is of, and that nothing newer came where the state is worse by now.';

create or replace macro sources_at(moment) as table
    select
        status.source_id,
        state_at(status.state, status.late_from, status.stale_from, moment) as state,
        status.last_attempt_at,
        status.last_success_at,
        status.last_period,
        status.lag_days + greatest(utc_day(moment) - utc_day(build_info.built_at), 0) as lag_days,
        status.expected_lag_days,
        status.late_from,
        status.stale_from,
        told_at(
            status.reason, status.state, status.late_from, status.stale_from, build_info.built_at, moment
        ) as reason
    from source_status as status
    cross join build_info;

comment on macro table sources_at is 'source_status as it is at a moment, from sources_at(clock()): every day on which nothing newer is published, a source is older by a day.';

create or replace macro series_at(moment) as table
    select
        status.subject_id,
        status.metric_id,
        state_at(status.state, status.late_from, status.stale_from, moment) as state,
        status.last_period,
        status.observed_at,
        status.ended_on,
        status.lag_days
        + case
            when status.ended_on is null then greatest(utc_day(moment) - utc_day(build_info.built_at), 0) else 0
        end as lag_days,
        status.expected_lag_days,
        status.late_from,
        status.stale_from,
        told_at(
            status.reason, status.state, status.late_from, status.stale_from, build_info.built_at, moment
        ) as reason
    from series_status as status
    cross join build_info;

comment on macro table series_at is 'series_status as it is at a moment, from series_at(clock()).';

create or replace macro known_claim(claim) as
    case
        when claim in (select claims.claim_id from claims) then claim
        else error(
            'found claim ' || coalesce(claim, 'null') || ', expected one of '
            || coalesce((select string_agg(claims.claim_id, ', ' order by claims.position) from claims), 'none')
        )
    end;

comment on macro known_claim is 'The claim itself, or an error that names those there are.';

create or replace macro claim_evidence_of(claim) as table
with named as (
    select known_claim(claim) as claim_id
)

select
    evidence.metric_id,
    evidence.measure,
    evidence.supports,
    evidence.weight,
    evidence.subject_id,
    evidence.period_start,
    evidence.value,
    evidence.state,
    evidence.ratio,
    evidence.ratio_low,
    evidence.ratio_high,
    evidence.compared_to,
    metrics.source_id,
    evidence.basis,
    evidence.observed_at
from named
inner join claim_evidence as evidence using (claim_id)
inner join metrics using (metric_id)
inner join subjects using (subject_id)
order by evidence.weight desc, evidence.metric_id asc, evidence.measure asc, subjects.position asc;

comment on macro table claim_evidence_of is 'One row per measure of a claim and subject: the side that the measure takes, the newest figure with its state, how the claim''s subject stands to its nearest rival, and the source, basis and moment of the archived answer.';
