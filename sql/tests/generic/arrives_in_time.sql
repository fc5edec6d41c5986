{#- A source's newest complete period is no older than ecosystem.toml expects. A warning: what it has told before is
    as true as it was, and source_status marks its age. -#}
{% test arrives_in_time(model, source_id) %}
{{ config(severity='warn') }}
select
    source_id || ': ' || coalesce(
        'last period ' || last_period || ' is ' || lag_days || ' days old, expected at most ' || expected_lag_days,
        'no figure has been collected yet'
    ) as finding
from {{ model }}
where source_id = '{{ source_id }}' and (last_period is null or lag_days > expected_lag_days)
{% endtest %}
