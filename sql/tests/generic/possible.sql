{#- Counts are below what there can be at all; days are not before the source's first one and not after the one that
    follows the answer's. The bounds, with their reasons, stand in the declarations of the sources, where
    the collectors read them too. What is null tells nothing. An answer that alone is to blame goes into quarantine. -#}
{% test possible(model, source_id, counts=[], days=[]) %}
    {%- set selects = [] -%}
    {%- for count in counts -%}
        {%- set found = "'" ~ count ~ ": found ' || " ~ count ~ " || ', expected less than ' || bounds.count_below" -%}
        {%- do selects.append("select " ~ found ~ " as finding from " ~ model ~ " cross join bounds where "
            ~ count ~ " >= bounds.count_below") -%}
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
