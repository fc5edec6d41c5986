{#- A shape of answers: at which level counters of a component (a repository) stand when they are asked for. A level of
    a day that is over is never told again, so there are no vintages of it. -#}

{#- The staging model: one row per component, which is the key of the question, and UTC day of asking, with what was
    read last on that day. `columns` has for each column the path of its field, and what is made of it, the {}. -#}
{% macro staged_counters(source_id, endpoint, component, columns) -%}
    {%- set made = [] -%}
    {%- for column, field in columns.items() -%}
        {%- do made.append(field[1] | replace("{}", "told[" ~ loop.index ~ "]") ~ " as " ~ column) -%}
    {%- endfor %}
    {{ staged([component, 'observed_on']) -}}

with pages as (
    select * from {{ new_pages(source_id, endpoint) }}
),

-- All fields of an answer at once, so that it is read once.
read as (
    select
        *,
        body ->> ['{{ columns.values() | map('first') | join("', '") }}'] as told
    from pages
),

parsed as (
    select
        key as {{ component }},
        fetched_at::date as observed_on,
        {{ made | join(', ') }},
        fetched_at,
        page_id
    from read
)

select
    {{ component }},
    observed_on,
    {{ columns | join(', ') }},
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by {{ component }}, observed_on order by fetched_at desc, page_id desc) = 1
{%- endmacro %}

{#- The observations: one row per subject, counter and day, from a relation of subject_id, observed_on, the counters and
    fetched_at. One select a counter, and no unpivot, which DuckDB does before it leaves out the days that nobody asked
    for. -#}
{% macro observed_counters(told, counters, basis) -%}
    {%- set selects = [] -%}
    {%- for metric_id, counter in counters.items() -%}
        {%- do selects.append(observed_counter(told, metric_id, counter, basis)) -%}
    {%- endfor -%}
    {{ selects | join("\nunion all\n") }}
{%- endmacro %}

{% macro observed_counter(told, metric_id, counter, basis) -%}
select
    subject_id,
    '{{ metric_id }}' as metric_id,
    observed_on as period_start,
    observed_on as period_end,
    {{ counter }}::double as value,
    null::double as low,
    null::double as high,
    'ok' as state,
    '{{ basis }}' as basis,
    fetched_at as observed_at
from {{ told }}
where {{ counter }} is not null
{%- endmacro %}
