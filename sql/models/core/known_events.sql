-- One row per event of the reviewed register.
select
    event_id,
    subject_id,
    source_id,
    metric_id,
    occurred_on,
    ended_on,
    kind,
    title,
    url
from {{ source('raw', 'events') }}
