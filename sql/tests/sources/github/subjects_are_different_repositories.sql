-- Two subjects are never one repository at GitHub, though both names may lead to it after a rename.
-- A warning: the figures of both are suspect, and those of all others are as they were.
{{ config(severity='warn') }}

select
    string_agg(subject_id, ' and ' order by subject_id) || ': one repository, its id at GitHub is '
    || repository_id || ', expected one for each' as finding
from {{ ref('int_github__repositories') }}
group by repository_id
having count(*) > 1
