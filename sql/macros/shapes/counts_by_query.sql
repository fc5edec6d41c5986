{#- A shape of answers: how many there are of what a query asks for (questions with a tag) in a month. One answer tells
    one number; its question's key is the component and the month, `pytorch 2024-05`, or the month alone. -#}

{#- The answers that are new, taken apart. `number` is the path of the number in the answer; what a stand-in made up
    says so in its field `sample`. -#}
{% macro parsed_counts_by_query(source_id, endpoint, component, count, number) -%}
    {%- set told_of = "split_part(key, ' ', 1) as " ~ component ~ "," if component else "" %}
    select
        {{ told_of }}
        (split_part(key, ' ', -1) || '-01')::date as month,
        (body ->> '{{ number }}')::bigint as {{ count }},
        (body ->> '$.sample') is not null as is_sample,
        fetched_at >= month + interval 1 month as is_over,
        fetched_at,
        page_id
    from {{ new_pages(source_id, endpoint) }}
{%- endmacro %}

{#- The staging model: one row per component, month and stretch of time in which the same was told of it. -#}
{% macro staged_counts_by_query(source_id, endpoint, component, count, number) -%}
    {{ staged([component, 'month', 'first_read_at']) -}}

with parsed as (
    {{ parsed_counts_by_query(source_id, endpoint, component, count, number) }}
)

select
    {{ component }},
    month,
    {{ count }},
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', [component, 'month'], [count, 'is_over', 'is_sample']) }}
{%- endmacro %}

{#- The staging model of counts whose past nobody asks about: one row per component and month, as it was last told. -#}
{% macro staged_latest_counts_by_query(source_id, endpoint, component, count, number) -%}
    {%- set key = [component, 'month'] if component else ['month'] %}
    {{ staged(key) -}}

with parsed as (
    {{ parsed_counts_by_query(source_id, endpoint, component, count, number) }}
)

select
    {{ key | join(', ') }},
    {{ count }},
    is_over,
    is_sample,
    fetched_at,
    page_id
from {{ latest('parsed', key) }}
{%- endmacro %}

{#- The observations: one row per subject and month, the running one with what it has so far. -#}
{% macro observed_counts_by_query(told, source_id, component, count, metric_id, basis) -%}
select
    identifiers.subject_id,
    '{{ metric_id }}' as metric_id,
    told.month as period_start,
    last_day(told.month) as period_end,
    told.{{ count }}::double as value,
    null::double as low,
    null::double as high,
    case
        when not told.is_over then 'partial'
        when told.is_sample then 'sample'
        else 'ok'
    end as state,
    '{{ basis }}' as basis,
    told.fetched_at as observed_at
from {{ latest(told, [component, 'month']) }} as told
inner join {{ source('raw', 'identifiers') }} as identifiers
    on told.{{ component }} = identifiers.identifier and identifiers.source_id = '{{ source_id }}'
where told.{{ count }} is not null
{%- endmacro %}

{#- The vintages: one row per subject, month that is over and what was told of it, as often as that was another. -#}
{% macro vintages_of_counts_by_query(told, source_id, component, count, metric_id, basis) -%}
select
    identifiers.subject_id,
    '{{ metric_id }}' as metric_id,
    told.month as period_start,
    '{{ basis }}' as basis,
    told.{{ component }} as component,
    told.{{ count }}::double as value,
    told.first_read_at,
    min(told.first_read_at) over (partition by told.{{ component }}, told.month) as whole_at
from {{ told }} as told
inner join {{ source('raw', 'identifiers') }} as identifiers
    on told.{{ component }} = identifiers.identifier and identifiers.source_id = '{{ source_id }}'
where told.is_over
{%- endmacro %}
