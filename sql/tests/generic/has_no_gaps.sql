{#- The series of a source's counts have no holes but those of the register. A stock is left out: nobody can ask
    what a counter stood at yesterday. So are shares and sums of shorter periods, which are as whole as their counts, and
    an index, which comes whole. A warning: a hole stays a hole, and what is published around it is true.
    It stands with the source's own observations, and reads those of all, which are a table. -#}
{% test has_no_gaps(model, source_id) %}
    {{ config(severity='warn') }}
    with counted as (
        select
            metric_id,
            grain
        from {{ ref('metric_register') }}
        where source_id = '{{ source_id }}' and aggregation = 'flow' and unit <> 'share'
            and made_how is distinct from 'shorter periods'
    ),

    -- Counted first: of the whole series alone this is all that is read.
    broken as (
        select
            subject_id,
            metric_id
        from {{ ref('int_observations') }}
        inner join counted using (metric_id)
        group by subject_id, metric_id, grain
        having
            count(*) <= case grain
                when 'year' then date_diff('year', min(period_start), max(period_start))
                when 'month' then date_diff('month', min(period_start), max(period_start))
                when 'week' then (max(period_start) - min(period_start)) // 7
                else max(period_start) - min(period_start)
            end
    ),

    neighbours as (
        select
            subject_id,
            metric_id,
            period_end + 1 as first_day,
            lead(period_start) over (partition by subject_id, metric_id order by period_start) - 1 as last_day
        from {{ ref('int_observations') }}
        semi join broken using (subject_id, metric_id)
    )

    select subject_id || ' ' || metric_id || ': nothing known of ' || {{ stretch('first_day', 'last_day') }} as finding
    from neighbours
    where last_day >= first_day and not {{ is_known_gap('neighbours.metric_id', 'first_day', 'last_day') }}
{% endtest %}
