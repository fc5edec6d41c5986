{#- A series within a sentence: stars gained of PyTorch. -#}
{% macro series_name(metric, subject) -%}
    lower({{ metric }}[1]) || {{ metric }}[2:] || ' of ' || {{ subject }}
{%- endmacro %}
