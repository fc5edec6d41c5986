{#- The moment from which a last day is older than so many days; none where what ends has ended before then. -#}
{% macro overdue_from(last_period, days, ends_on) -%}
    case
        when {{ ends_on }} - {{ last_period }} <= {{ days }} then null
        else ({{ last_period }} + {{ days }} + 1)::timestamptz
    end
{%- endmacro %}
