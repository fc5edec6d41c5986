-- One row: what this file was built from.
with archive as (
    select
        count(*) as archive_files,
        sum(answers)::bigint as archive_answers,
        -- A file's name carries the digest of its content.
        sha256(string_agg(file, chr(10) order by file)) as archive_sha256
    from {{ source('raw', 'attempts') }}
),

newest as (
    select max(fetched_at) as as_of from {{ source('raw', 'pages') }}
    where problem is null
)

select
    build.built_at,
    newest.as_of,
    build.code_version,
    archive.archive_files,
    archive.archive_answers,
    archive.archive_sha256,
    build.demo,
    build.question
from {{ source('raw', 'build') }} as build
cross join archive
cross join newest
