-- The categories of a split sum to pypistats' downloads of the day without mirrors, as it told them when the split was
-- read. A warning: the day stands in another table, and the rows of the split are suspect. Of the last half year.
{{ config(severity='warn') }}

select
    package || ' ' || day || ': ' || downloads || ' downloads by ' || split || ', ' || downloads_of_the_day
    || ' of the day, expected the same' as finding
from {{ ref('int_pypi__split_doubts') }}
where day >= (select build.built_at::date - 180 from {{ source('raw', 'build') }} as build)
