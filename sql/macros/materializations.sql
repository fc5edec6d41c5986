{#- How a model becomes a table or a view of the work database: in one statement, in place of dbt's eight, which take most
    of a small build. It is dbt that orders, compiles and reports; and nobody reads the file while it is built. -#}
{% materialization view, adapter='duckdb' %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace view {{ this }} as ({{ sql }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% if model['language'] == 'python' -%}
        {{ drop_relation_if_exists(target) }}
    {%- endif %}
    {% call statement('main', language=model['language']) -%}
        {% if model['language'] == 'python' -%}
            {{ create_table_as(False, target, compiled_code, 'python') }}
        {%- else -%}
            create or replace table {{ target }} as ({{ compiled_code }}
            );
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
