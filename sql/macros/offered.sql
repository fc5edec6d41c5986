{#- The models of all sources reach those of one by what these are called. A source offers a part by a model
    `int_<source_id>__<part>` in its folder, with the columns that the model of all asks it for; one that has none is left
    out. `sources` tells what each one offers, and is made from the files that are there. -#}
{% macro sources_offering(part) -%}
    {%- set offers = var('sources', none) -%}
    {%- if offers is not mapping -%}
        {{ exceptions.raise_compiler_error(
            "vars: found no `sources`, expected what each source offers; "
            ~ 'add --vars "$(python -m warehouse.build.variables)"'
        ) }}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for source_id, parts in offers | dictsort if part in parts -%}
        {%- do found.append(source_id) -%}
    {%- endfor -%}
    {% do return(found) %}
{%- endmacro %}

{#- Of which type each column is that a source may offer. -#}
{% macro offered_types() -%}
    {% do return(dict([
        ('basis', 'varchar'), ('component', 'varchar'), ('ended_on', 'date'), ('event_id', 'varchar'),
        ('first_day', 'date'), ('first_read_at', 'timestamptz'), ('grain', 'varchar'), ('kind', 'varchar'),
        ('last_period', 'date'), ('metric_id', 'varchar'), ('occurred_on', 'date'), ('period_start', 'date'),
        ('reason', 'varchar'), ('source_id', 'varchar'), ('subject_id', 'varchar'), ('title', 'varchar'),
        ('url', 'varchar'), ('value', 'double'), ('whole_at', 'timestamptz'),
    ])) %}
{%- endmacro %}

{#- What every source offers of a part, one after the other, each with its source_id; no rows where none does. -#}
{% macro offered(part, columns) -%}
    {%- set nothing = [] -%}
    {%- for column in ['source_id'] + columns -%}
        {%- do nothing.append('null::' ~ offered_types()[column] ~ ' as ' ~ column) -%}
    {%- endfor -%}
    {%- set selects = ['select ' ~ nothing | join(', ') ~ ' where false'] -%}
    {%- for source_id in sources_offering(part) -%}
        {%- set columns_told = "'" ~ source_id ~ "' as source_id, " ~ columns | join(", ") -%}
        {%- do selects.append("select " ~ columns_told ~ " from " ~ ref("int_" ~ source_id ~ "__" ~ part)) -%}
    {%- endfor -%}
    ({{ selects | join(" union all ") }})
{%- endmacro %}
