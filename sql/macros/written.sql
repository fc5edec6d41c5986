{#- Lets a test's `where` name the rows that this build has written: `is_renewed`, of packages' days
    `is_of_renewed_package`, or in staging `is_new`. Rows that it left as they were have stood the test before. -#}
{% macro get_where_subquery(relation) -%}
    {% do return(written(relation, config.get('where', ''))) %}
{%- endmacro %}

{#- The rows of a relation of which a test's `where` holds. -#}
{% macro written(relation, where) -%}
    {%- if not where -%}
        {% do return(relation) %}
    {%- endif -%}
    {%- if where == 'is_renewed' -%}
        {% do return(rows_where(relation, renewed_conditions()) ~ ' as written') %}
    {%- endif -%}
    {%- if where == 'is_of_renewed_package' -%}
        {% do return(rows_where(relation, renewed_package_conditions()) ~ ' as written') %}
    {%- endif -%}
    {%- if where == 'is_new' -%}
        {%- set where = 'page_id > ' ~ last_built_page() -%}
    {%- endif -%}
    {% do return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as written') %}
{%- endmacro %}

{#- The last answer that the last whole build has read. -#}
{% macro last_built_page() -%}
    {%- set table = adapter.get_relation(target.database, 'raw', 'built') if execute -%}
    {% do return(run_query('select coalesce(max(page_id), 0) from ' ~ table).rows[0][0] if table else 0) %}
{%- endmacro %}
