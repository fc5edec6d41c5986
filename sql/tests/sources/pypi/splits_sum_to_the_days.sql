-- The categories of a split sum to the downloads of the day without mirrors, as pypistats, or the download logs of
-- theirs, told them when the split was read. A warning: the day stands in another
-- table, and the rows of the split are suspect. Of the last half year.
{{ config(severity='warn') }}

select
    package || ' ' || day || ': ' || downloads || ' downloads by ' || split || ', ' || downloads_of_the_day
    || ' of the day, expected the same' as finding
from (
    select * from {{ ref('int_pypi__split_doubts') }}
    union all by name
    select * from {{ ref('int_pypi__log_split_doubts') }}
) as every_doubt
where day >= (select build.built_at::date - 180 from {{ source('raw', 'build') }} as build)
