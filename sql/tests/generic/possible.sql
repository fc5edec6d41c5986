{#- Counts are not negative and below what there can be at all; days are not before the source's first and not after the
    day behind that of the answer. The bounds, with their reasons, stand in sql/seeds/source_bounds.csv, where the
    collectors read them too. What is null tells nothing. An answer that alone is to blame goes into quarantine. -#}
{% test possible(model, source_id, counts=[], days=[]) %}
{%- set selects = [] -%}
{%- for count in counts -%}
    {%- set found = "'" ~ count ~ ": found ' || " ~ count ~ " || ', expected 0 or more and below ' || bounds.count_below" -%}
    {%- do selects.append("select " ~ found ~ " as finding from " ~ model ~ " cross join bounds where "
        ~ count ~ " not between 0 and bounds.count_below - 1") -%}
{%- endfor -%}
{%- for day in days -%}
    {%- set found = "'" ~ day ~ ": found ' || " ~ day
        ~ " || ', expected ' || bounds.first_day || ' to ' || (fetched_at::date + 1)" -%}
    {%- do selects.append("select " ~ found ~ " as finding from " ~ model ~ " cross join bounds where "
        ~ day ~ " not between bounds.first_day and fetched_at::date + 1") -%}
{%- endfor %}
with bounds as (
    select
        first_day,
        count_below
    from {{ ref('source_bounds') }}
    where source_id = '{{ source_id }}'
)

{{ selects | join('\nunion all\n') }}
{% endtest %}
