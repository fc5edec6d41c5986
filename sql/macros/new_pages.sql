{#- The answers of a source's endpoint that the model has not parsed yet; all of them in a first run. -#}
{% macro new_pages(source_id, endpoint) -%}
(
    select page_id, key, url, fetched_at, body
    from {{ source('raw', 'pages') }}
    where
        source = '{{ source_id }}'
        and endpoint = '{{ endpoint }}'
        and problem is null
        {% if is_incremental() -%}
        and page_id > (select coalesce(max(page_id), 0) from {{ this }})
    {%- endif %}
)
{%- endmacro %}
