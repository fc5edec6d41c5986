-- One row per compared subject, in the order of the configuration.
select
    subject_id,
    name,
    color,
    first_release_on,
    position
from {{ source('raw', 'subjects') }}
