{#- The answers of a source's endpoint that the model has not parsed yet; all of them in a first run. -#}
{% macro new_pages(source_id, endpoint) -%}
(
    select page_id, key, url, fetched_at, body
    from {{ source('raw', 'pages') }}
    where {{ is_new_page(source_id, endpoint) }}
)
{%- endmacro %}

{#- The same, some hundred at a time. DuckDB takes 2,048 rows in hand at once, and of answers that tell ten years of
    days these are gigabytes. -#}
{% macro new_long_pages(source_id, endpoint) -%}
    {%- set is_new = is_new_page(source_id, endpoint) -%}
    {%- set numbered = "select page_id, row_number() over (order by page_id) // 100 as part from "
        ~ source("raw", "pages") ~ " where " ~ is_new -%}
    {%- set parts = run_query("select min(page_id), max(page_id) from (" ~ numbered ~ ") group by part order by 1").rows
        if execute and adapter.get_relation(target.database, "raw", "pages") else [] -%}
    {%- set selected = "select page_id, key, url, fetched_at, body from " ~ source("raw", "pages") ~ " where " -%}
    {%- set selects = [selected ~ "false"] -%}
    {%- for first, last in parts -%}
        {%- do selects.append(selected ~ is_new ~ " and page_id between " ~ first ~ " and " ~ last) -%}
    {%- endfor -%}
    ({{ selects | join(" union all ") }})
{%- endmacro %}

{% macro is_new_page(source_id, endpoint) -%}
    source = '{{ source_id }}' and endpoint = '{{ endpoint }}' and problem is null
    {%- if is_incremental() %} and page_id > (select coalesce(max(page_id), 0) from {{ this }}){% endif %}
{%- endmacro %}
