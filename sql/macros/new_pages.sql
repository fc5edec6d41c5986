{#- The answers of a source's endpoint that the model has not parsed yet, all of them in a first run, eight megabytes of
    them at a time. DuckDB takes 2,048 rows in hand at once, and of answers that tell ten years of days these are
    gigabytes; a part is as long as its bytes allow, however many answers it holds. -#}
{% macro new_pages(source_id, endpoint) -%}
    {%- set is_asked = "source = '" ~ source_id ~ "' and endpoint = '" ~ endpoint ~ "' and problem is null" -%}
    {%- set is_new = is_asked ~ " and page_id > (select coalesce(max(page_id), 0) from " ~ this ~ ")"
        if is_incremental() else is_asked -%}
    {%- set parts = parts_of(is_new) -%}
    {%- set selected = "select page_id, key, url, fetched_at, body from " ~ source("raw", "pages") ~ " where " -%}
    {%- set selects = [] -%}
    {%- for first, last in parts -%}
        {%- do selects.append(selected ~ is_asked ~ " and page_id between " ~ first ~ " and " ~ last) -%}
    {%- endfor -%}
    ({{ selects | join(" union all ") if parts | length > 1 else selected ~ is_new }})
{%- endmacro %}

{#- The first and the last answer of each part, as literals: DuckDB then reads of a table only what they allow. -#}
{% macro parts_of(is_new) -%}
    {%- set parted = "select page_id, sum(body_bytes) over (order by page_id) // 8000000 as part from "
        ~ source("raw", "pages") ~ " where " ~ is_new -%}
    {%- set bounds = "select min(page_id), max(page_id) from (" ~ parted ~ ") group by part order by 1" -%}
    {% do return(run_query(bounds).rows
        if execute and adapter.get_relation(target.database, "raw", "pages") else []) %}
{%- endmacro %}
