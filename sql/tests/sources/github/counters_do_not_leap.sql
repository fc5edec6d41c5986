-- A counter does not double or halve from one reading to the next, nor go back to zero, unless the next reading stands
-- by it. A warning: the reading is suspect, and the next one settles it. Of the last quarter.
{{ config(severity='warn') }}

select
    subject_id || ' ' || metric_id || ' ' || period_start || ': ' || value::bigint || ' after '
    || value_before::bigint || ', expected half to double of it' as finding
from {{ ref('int_github__counter_jumps') }}
where
    value not between value_before / 2 and value_before * 2
    and period_start >= (select build.built_at::date - 92 from {{ source('raw', 'build') }} as build)
