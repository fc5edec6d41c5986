{#- How a model becomes a view or a table of the work database: in one statement, in place of dbt's eight, which take a
    quarter of a small build. It is dbt that orders, compiles and reports; nobody reads the file while it is built, and
    the statement itself is all or nothing. -#}
{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ drop_other_kind(target) }}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace view {{ target }} as ({{ sql }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {{ drop_other_kind(target) }}
    {{ run_hooks(pre_hooks) }}
    {% if model['language'] == 'python' -%}
        {% call statement('main', language='python') -%}
{{ compiled_code }}

def materialize(told, con):
    con.register('told', told)
    con.execute('create or replace table {{ target }} as from told')
    con.unregister('told')
        {%- endcall %}
    {%- else -%}
        {% call statement('main') -%}
            create or replace table {{ target }} as ({{ compiled_code }}
            );
        {%- endcall %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A view cannot take the place of a table, nor a table that of a view. -#}
{% macro drop_other_kind(target) -%}
    {%- set there = load_cached_relation(target) -%}
    {%- if there is not none and there.type != target.type -%}
        {% do drop_relation_if_exists(there) %}
    {%- endif -%}
{%- endmacro %}

{#- The checks of a build, all in one node: dbt compiles them, and they are asked when the models stand. -#}
{% materialization together, adapter='duckdb' %}
    {% call statement('main', fetch_result=True) -%}
        select 0 as failures, false as should_warn, false as should_error
    {%- endcall %}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{#- What a published table and its columns mean, in one statement; dbt's own asks twice which columns there are. -#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set told = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do told.append(duckdb__alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for name, column in model.columns.items() -%}
            {%- set comment = duckdb_escape_comment(column.description) -%}
            {%- do told.append("comment on column " ~ relation ~ "." ~ name ~ " is " ~ comment ~ ";") -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if told -%}
        {% call statement('comments') %}{{ told | join('\n') }}{% endcall %}
    {%- endif -%}
{%- endmacro %}
