-- One row per attempt at a source: how it went, told also when it has long been made up for.
-- Bytes are those of the answers' bodies after decompression, refusals included.
select
    file as archive_file,
    source as source_id,
    service,
    started_at,
    finished_at,
    answers,
    refused,
    bytes,
    problem,
    postponed
from {{ source('raw', 'attempts') }}
