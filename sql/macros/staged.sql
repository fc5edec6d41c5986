{#- How every staging model is kept: each page is parsed once, and of two answers to the same question, which share
    the key, the later one wins. -#}
{% macro staged(key) -%}
    {{ config(
        schema='staging',
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=key,
        merge_update_condition='dbt_internal_source.fetched_at >= dbt_internal_dest.fetched_at',
        on_schema_change='fail',
    ) }}
{%- endmacro %}
