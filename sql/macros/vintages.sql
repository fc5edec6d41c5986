{#- The stretches in which a source told the same of the same thing, from readings of which each has a time.
    `told` has the columns of key and values, fetched_at and page_id, once per key and answer. A later reading
    of the same values prolongs the last stretch; other values begin a new one, and the old one stays. -#}
{% macro vintages(told, key, values) -%}
    {%- set keys, columns = key | join(', '), (key + values) | join(', ') -%}
(
    with every_reading as materialized (
        select {{ columns }}, fetched_at as first_read_at, fetched_at, page_id, true as is_new from {{ told }}
    {% if is_incremental() -%}
        union all
        (
            select {{ columns }}, first_read_at, fetched_at, page_id, false as is_new
            from {{ this }} semi join {{ told }} using ({{ keys }})
            qualify row_number() over (partition by {{ keys }} order by fetched_at desc, page_id desc) = 1
        )
    {%- endif %}
    ),

    -- Nearly all is told once, and of that there is nothing to compare.
    told_again as materialized (
        select {{ keys }} from every_reading
        group by {{ keys }}
        having count(*) > 1
    ),

    compared as (
        select
            *,
            coalesce(row({{ values | join(', ') }}) is distinct from lag(row({{ values | join(', ') }})) over (
                partition by {{ keys }} order by fetched_at, page_id
            ), true) as is_other
        from every_reading
        semi join told_again using ({{ keys }})
    ),

    numbered as (
        select
            *,
            count_if(is_other) over (partition by {{ keys }} order by fetched_at, page_id) as stretch
        from compared
    )

    select
        {{ columns }},
        min(first_read_at) as first_read_at,
        max(fetched_at) as fetched_at,
        max(page_id) as page_id
    from numbered
    group by {{ columns }}, stretch
    having bool_or(is_new)
    union all
    select
        {{ columns }},
        first_read_at,
        fetched_at,
        page_id
    from every_reading
    anti join told_again using ({{ keys }})
    where is_new
)
{%- endmacro %}

{#- What a source tells now: of each key the stretch that was confirmed last. -#}
{% macro latest(relation, key) -%}
(
    select * from {{ relation }}
    qualify row_number() over (partition by {{ key | join(', ') }} order by fetched_at desc, page_id desc) = 1
)
{%- endmacro %}
