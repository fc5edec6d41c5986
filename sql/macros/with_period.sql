{#- The days that something may be old, and those of its period more where they are fewer than that. -#}
{% macro with_period(days, grain) -%}
    {{ days }} + case
        when {{ grain }} = 'year' and {{ days }} < 366 then 366
        when {{ grain }} = 'month' and {{ days }} < 31 then 31
        when {{ grain }} = 'week' and {{ days }} < 7 then 7
        else 0
    end
{%- endmacro %}
