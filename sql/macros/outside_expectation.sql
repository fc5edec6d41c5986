{#- What lies outside the bounds that ecosystem.toml sets for a quantity of a source, each with the reason given
    there; a quantity that cannot be measured lies within none. `measured` has the columns name and quantity; without
    bounds nothing is held against it. -#}
{% macro outside_expectation(measured, source_id, expectation) -%}
select
    format(
        '{}: {{ expectation }} {}, expected {}: {}',
        measured.name,
        case
            when isfinite(measured.quantity) then 'is ' || format('{:g}', round(measured.quantity, 3))
            else 'cannot be measured'
        end,
        concat_ws(
            ' and ',
            'at least ' || format('{:g}', expected.at_least),
            'at most ' || format('{:g}', expected.at_most)
        ),
        expected.reason
    ) as finding
from {{ measured }} as measured
inner join {{ source('raw', 'expectations') }} as expected
    on expected.source_id = '{{ source_id }}' and expected.expectation = '{{ expectation }}'
where
    not coalesce(isfinite(measured.quantity), false)
    or measured.quantity < expected.at_least
    or measured.quantity > expected.at_most
{%- endmacro %}
