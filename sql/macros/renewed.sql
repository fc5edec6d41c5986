{#- Models of long histories keep what they have and tell anew only what may have changed: the days of
    `int_renewed`, which `renewed_rows` selects and `forget_renewed` deletes. The days stand in the queries as
    literals, and those of each day in a query of their own, because DuckDB reads only the blocks of a table that a
    literal allows, below every join and window. -#}

{#- Each metric and the first of its days that may have changed since the last build, so many reaches before it, or the
    first day of that one's part (a week); as `int_renewed` is when a model or test that comes after it runs. -#}
{% macro ask_renewed(reaches=0, part='day') -%}
    {%- set table = adapter.get_relation(target.database, 'intermediate', 'int_renewed') if execute -%}
    {%- set day = "renewed_from - (reach_days * " ~ reaches ~ ")::integer" -%}
    {%- set first_day = "case when isfinite(renewed_from) then date_trunc('" ~ part ~ "', " ~ day ~ ")::date
        else renewed_from end" -%}
    {% do return(run_query('select metric_id, (' ~ first_day ~ ')::varchar as first_day from ' ~ table).rows
        if table else none) %}
{%- endmacro %}

{#- The conditions, each of its own metrics, that a row's figure may have changed since the last build; with reaches,
    also that it lies within so many reaches before one that may, and then in the same part (a week) as that day. -#}
{% macro renewed_conditions(reaches=0, part='day') -%}
    {%- set first_days = ask_renewed(reaches, part) -%}
    {%- if first_days is none -%}
        {% do return(['true']) %}
    {%- endif -%}
    {% do return(conditions_from(first_days, 'metric_id', 'period_start')) %}
{%- endmacro %}

{#- A condition for each first day, of those that share it; `name` and `day` are the columns that tell both. -#}
{% macro conditions_from(first_days, name, day) -%}
    {%- set conditions = [] -%}
    {%- for first_day, told in first_days | rejectattr(1, 'equalto', 'infinity') | groupby(1) -%}
        {%- set names = told | map(attribute=0) | map('replace', "'", "''") | join("', '") -%}
        {%- do conditions.append(name ~ " in ('" ~ names ~ "') and " ~ day ~ " >= date '" ~ first_day ~ "'") -%}
    {%- endfor -%}
    {% do return(conditions or ['false']) %}
{%- endmacro %}

{#- The same as one condition, for rows that are at hand. -#}
{% macro renewed(reaches=0) -%}
    ({{ renewed_conditions(reaches) | join(' or ') }})
{%- endmacro %}

{#- The rows of a relation of which that holds; all of them in a first run. -#}
{% macro renewed_rows(relation, reaches=0, part='day') -%}
    {{ rows_where(relation, renewed_conditions(reaches, part)) if is_incremental() else relation }}
{%- endmacro %}

{#- The rows of a relation of which one of the conditions holds; no two of them hold of the same row. -#}
{% macro rows_where(relation, conditions) -%}
    {%- set selects = [] -%}
    {%- for condition in conditions -%}
        {%- do selects.append('select * from ' ~ relation ~ ' where ' ~ condition) -%}
    {%- endfor -%}
    ({{ selects | join(' union all ') }})
{%- endmacro %}

{#- To be run before an incremental model: what it tells anew must not stand in it twice. -#}
{% macro forget_renewed(reaches=0, part='day') -%}
    {{ forget_where(renewed_conditions(reaches, part)) if is_incremental() }}
{%- endmacro %}

{% macro forget_where(conditions) -%}
    {%- for condition in conditions -%}
        delete from {{ this }} where {{ condition }};
    {%- endfor -%}
{%- endmacro %}

{#- Within how many reaches of a figure that may have changed others are judged anew: its neighbours' usual figures may
    have changed, and with these by how much the neighbourhood of any within `spread_reaches` of them scatters. -#}
{% macro judged_reaches() -%}
    {% do return(1 + var('spread_reaches') | int) %}
{%- endmacro %}

{#- The first day of a metric whose figure may have changed since the last build, or the first day of its month. -#}
{% macro first_renewed(metric_id, part='day') -%}
    {%- for told, first_day in ask_renewed(part=part) or [(metric_id, '-infinity')] if told == metric_id -%}
        date '{{ first_day }}'
    {%- endfor -%}
{%- endmacro %}

{#- As forget_renewed, for models of one metric. -#}
{% macro forget_renewed_days(metric_id, day, part='day') -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ day }} >= {{ first_renewed(metric_id, part) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether a row was told since the last whole build, by its answer's number. -#}
{% macro since_last_build(page_id='page_id') -%}
    {{ page_id }} > (select last_build.page_id from {{ ref('int_last_build') }} as last_build)
{%- endmacro %}
