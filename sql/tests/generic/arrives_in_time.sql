{#- The newest whole period of each of a source's series, but those that may end, is no older than expected, nor is
    anything else of it. A warning: what was told before is as true as it was, and series_status marks its age.
    It stands with the source's own observations. -#}
{% test arrives_in_time(model, source_id) %}
{{ config(severity='warn') }}
with called as (
    select
        subject_id,
        name
    from {{ ref('subjects') }}
    union all
    select
        tool_id as subject_id,
        name
    from {{ ref('tools') }}
),

late_series as (
    select {{ series_name('metrics.name', 'called.name') }} || ': ' || status.reason as finding
    from {{ ref('int_series_states') }} as status
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    inner join called using (subject_id)
    where
        metrics.source_id = '{{ source_id }}' and metrics.may_end is null
        and status.lag_days > status.expected_lag_days
)

select finding from late_series
union all
select
    source_id || ': ' || coalesce(
        'last period ' || last_period || ' is ' || lag_days || ' days old, expected at most ' || expected_lag_days,
        'no figure has been collected yet'
    ) as finding
from {{ ref('source_status') }}
where
    source_id = '{{ source_id }}'
    and (last_period is null or lag_days > expected_lag_days and state <> 'fresh')
    and not exists (from late_series)
{% endtest %}
