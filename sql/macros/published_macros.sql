{#- What is derived is written once, in `published_macros.sql`, whose macros every published file carries. A mart that
    reads them has `publish_macros` as its pre-hook and `forget_macros` as its post-hook, and names their tables.
    They are found, and find their tables, in the current schema. -#}
{% macro publish_macros() -%}
    {%- if execute -%}
        {%- set file = var('macros_file', 'sql/published_macros.sql') -%}
        set schema = 'marts';
        {{ run_query("select content from read_text('" ~ file ~ "')").rows[0][0] }}
    {%- endif -%}
{%- endmacro %}

{% macro forget_macros() -%}
    set schema = '{{ target.schema }}'
{%- endmacro %}

{#- The tables that have to be there for them. -#}
{% macro tables_of_macros() -%}
    {%- for table in [
        'observations', 'metrics', 'subjects', 'identifiers', 'events', 'source_status', 'series_status', 'build_info',
        'claims', 'claim_evidence'
    ] -%}
        -- depends_on: {{ ref(table) }}
        {{ '\n' }}
    {%- endfor -%}
{%- endmacro %}
