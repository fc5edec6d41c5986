{#- A doubt about downloads in words, of columns as `int_pypi__day_doubts` has them. -#}
{% macro doubt_in_words(doubt, found, beside) -%}
    case {{ doubt }}
        when 'counted apart without mirrors'
            then format('{:,} downloads in the logs, {:,} at pypistats', {{ found }}, {{ beside }})
        when 'counted apart with mirrors'
            then format('with mirrors {:,} downloads in the logs, {:,} at pypistats', {{ found }}, {{ beside }})
        when 'beside its count with mirrors'
            then format(
                if({{ found }} > {{ beside }}, '{:,} downloads, fewer with mirrors: {:,}', '{:,} downloads, with mirrors {:,}'),
                {{ found }},
                {{ beside }}
            )
        else format('{:,} downloads, usually about {:,}', {{ found }}, {{ beside }})
    end
{%- endmacro %}
