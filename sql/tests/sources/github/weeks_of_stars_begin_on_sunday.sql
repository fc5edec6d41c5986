-- GitHub's weeks begin on Sunday, as far as it has told. A warning: it does not promise that; such a week is kept as it
-- was told, and suspect.
{{ config(severity='warn') }}

select
    format('{}: {} weeks that begin on another day, the first {}', subject_id, count(*), min(week))
    || ', expected Sundays' as finding
from {{ ref('int_github__star_weeks') }}
where dayofweek(week) <> 0
group by subject_id
