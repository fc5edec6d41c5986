{#- Models of long histories keep what they have and tell anew only what may have changed: the days of
    `int_renewed`, which `renewed` selects and `forget_renewed` deletes. The days stand in the queries as
    literals, because DuckDB reads only the blocks of a table that a literal allows, below every join and window. -#}

{#- Rows of `int_renewed`, as they are when a model or test that comes after it runs. -#}
{% macro ask_renewed(columns) -%}
    {%- set table = adapter.get_relation(target.database, 'intermediate', 'int_renewed') if execute -%}
    {% do return(run_query('select ' ~ columns ~ ' from ' ~ table).rows if table else none) %}
{%- endmacro %}

{#- The condition that a row's figure may have changed since the last build; with reaches, also that it lies within
    so many reaches before one that may have. -#}
{% macro renewed(relation='', reaches=0) -%}
    {%- set first_days = ask_renewed(
        "metric_id, (case when isfinite(renewed_from) then renewed_from - (reach_days * " ~ reaches ~ ")::integer
        else renewed_from end)::varchar as first_day"
    ) -%}
    {%- set day, metric = relation ~ 'period_start', relation ~ 'metric_id' -%}
    {%- if first_days is none -%}
        true
    {%- else -%}
        {%- set told = first_days | rejectattr(1, 'equalto', 'infinity') | list -%}
        {%- set days = told | map(attribute=1) | list -%}
        {%- set earliest = '-infinity' if '-infinity' in days else (days or ['infinity']) | min -%}
        {%- set conditions = ['false'] -%}
        {%- for first_day, metrics in told | groupby(1) -%}
            {%- set names = metrics | map(attribute=0) | join("', '") -%}
            {%- do conditions.append(metric ~ " in ('" ~ names ~ "') and " ~ day ~ " >= date '" ~ first_day ~ "'") -%}
        {%- endfor -%}
        ({{ day }} >= date '{{ earliest }}' and ({{ conditions | join(' or ') }}))
    {%- endif -%}
{%- endmacro %}

{#- To be run before an incremental model: what it tells anew must not stand in it twice. -#}
{% macro forget_renewed(reaches=0) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ renewed(reaches=reaches) }}
    {%- endif -%}
{%- endmacro %}

{#- The first day of a metric whose figure may have changed since the last build, or the first day of its month. -#}
{% macro first_renewed(metric_id, part='day') -%}
    {%- for told, first_day in ask_renewed(
        "metric_id, (case when isfinite(renewed_from) then date_trunc('" ~ part ~ "', renewed_from)::date
        else renewed_from end)::varchar"
    ) or [(metric_id, '-infinity')] if told == metric_id -%}
        date '{{ first_day }}'
    {%- endfor -%}
{%- endmacro %}

{#- As forget_renewed, for models of one metric. -#}
{% macro forget_renewed_days(metric_id, day, part='day') -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ day }} >= {{ first_renewed(metric_id, part) }}
    {%- endif -%}
{%- endmacro %}
