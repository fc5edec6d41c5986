{#- As macros/renewed.sql, for models of packages' days: those that `int_pypi__renewed_days` names are told anew, each
    package's from a day of its own on. `day` is the column that tells a row's day, or the first one of its month. -#}
{% macro renewed_package_conditions(day='day') -%}
    {%- set table = adapter.get_relation(target.database, 'intermediate', 'int_pypi__renewed_days') if execute -%}
    {%- if not table -%}
        {% do return(['true']) %}
    {%- endif -%}
    {%- set first_days = run_query('select package, first_day::varchar as first_day from ' ~ table).rows -%}
    {% do return(conditions_from(first_days, 'package', day)) %}
{%- endmacro %}

{#- The rows of a relation that are told anew; all of them in a first run. -#}
{% macro of_renewed_packages(relation, day='day') -%}
    {{ rows_where(relation, renewed_package_conditions(day)) if is_incremental() else relation }}
{%- endmacro %}

{#- To be run before such a model: what it tells anew must not stand in it twice. -#}
{% macro forget_renewed_packages(day='day') -%}
    {{ forget_where(renewed_package_conditions(day)) if is_incremental() }}
{%- endmacro %}
