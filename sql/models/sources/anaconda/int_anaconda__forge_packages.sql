-- One row per subject, package of the channel conda-forge and stretch of days on which the same packages count, both
-- days included; `components` is how many of conda-forge's these are.
with counted as (
    {{ counted_components('anaconda', 'package') }}
)

select
    subject_id,
    package,
    first_day,
    last_day,
    count(*) over (partition by subject_id, first_day) as components
from counted
where package like 'conda-forge/%'
