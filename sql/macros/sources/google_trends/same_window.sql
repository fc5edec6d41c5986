{#- Whether two windows of Google Trends are one question, asked again within a month: one that begins on a fixed day,
    or one that moves on as a whole, by months that may be three days longer or shorter. -#}
{% macro same_window(one, other) -%}
    abs({{ one }}.window_last_day - {{ other }}.window_last_day) <= 31
    and (
        {{ one }}.window_first_day = {{ other }}.window_first_day
        or abs(
            ({{ one }}.window_first_day - {{ other }}.window_first_day)
            - ({{ one }}.window_last_day - {{ other }}.window_last_day)
        ) <= 3
    )
{%- endmacro %}
