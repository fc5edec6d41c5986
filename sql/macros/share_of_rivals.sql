{#- A value's share of all subjects that a source is asked about, in its month or another period; null unless the
    value of each of them is known. -#}
{% macro share_of_rivals(value, source_id, period='month') -%}
    case
        when
            count({{ value }}) over (partition by {{ period }}) = (
                select count(distinct subject_id)
                from {{ source('raw', 'identifiers') }}
                where source_id = '{{ source_id }}'
            )
            then {{ value }} / nullif(sum({{ value }}) over (partition by {{ period }}), 0)
    end
{%- endmacro %}
