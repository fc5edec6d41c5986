-- A tag's total of questions moves with what is asked and deleted, and does not leap.
-- A warning: its months that were read anew since are suspect, and from that day on its line is broken.
{{ config(severity='warn') }}

select
    tag || ' ' || observed_on || ': ' || questions || ' questions ever after ' || questions_before
    || ', expected 98 to 125 percent of it' as finding
from {{ ref('int_stackoverflow__tag_jumps') }}
