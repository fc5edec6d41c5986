{#- A bound ('-' or '+') of the 95 percent interval of a share that was counted in so many cases; wide where
    they are few. E. B. Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953. -#}
{% macro wilson_bound(share, cases, side) -%}
    {%- set z = 1.959964 -%}
    {%- set variance = '(' ~ share ~ ' * (1 - ' ~ share ~ ') + ' ~ z * z / 4 ~ ' / ' ~ cases ~ ') / ' ~ cases -%}
    {%- set middle = share ~ ' + ' ~ z * z / 2 ~ ' / ' ~ cases -%}
    {#- Rounding would put the bound of nothing or all a hair beyond the share. -#}
    case
        when {{ share }} is not null
            then {{ 'least' if side == '-' else 'greatest' }}({{ share }}, least(greatest(
                ({{ middle }} {{ side }} {{ z }} * sqrt({{ variance }})) / (1 + {{ z * z }} / {{ cases }}), 0
            ), 1))
    end
{%- endmacro %}
