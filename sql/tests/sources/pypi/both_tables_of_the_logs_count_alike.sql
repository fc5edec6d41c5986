-- The two tables in which the download logs' copy counts a package's days tell the same of each.
-- A warning: a day of which they do not is unknown, and so heals when a later answer finds them equal.
{{ config(severity='warn') }}

select
    package || ' ' || day || ': ' || downloads || ' downloads by installer and ' || second_count
    || ' by day, expected the same' as finding
from {{ latest(ref('stg_pypi__log_days'), ['package', 'day']) }}
where second_count is not null
