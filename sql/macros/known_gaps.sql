{#- Whether a stretch of days lies within a gap or fault of the register. -#}
{% macro is_known_gap(metric_id, first_day, last_day) -%}
exists (
    select 1
    from {{ ref('known_events') }} as known
    where
        known.kind in ('known gap', 'measuring fault')
        and known.metric_id = {{ metric_id }}
        and known.occurred_on <= {{ first_day }}
        and coalesce(known.ended_on, known.occurred_on) >= {{ last_day }}
)
{%- endmacro %}

{#- A stretch of days in words. -#}
{% macro stretch(first_day, last_day) -%}
    concat_ws(' to ', {{ first_day }}, nullif({{ last_day }}, {{ first_day }}))
{%- endmacro %}
