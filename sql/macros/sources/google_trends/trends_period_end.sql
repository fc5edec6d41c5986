{#- The last day of a period of Google Trends, by the resolution of its window. -#}
{% macro trends_period_end(period_start, resolution) -%}
    case {{ resolution }}
        when 'MONTH' then last_day({{ period_start }})
        when 'WEEK' then {{ period_start }} + 6
        else {{ period_start }}
    end
{%- endmacro %}
