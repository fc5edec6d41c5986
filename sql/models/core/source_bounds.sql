-- One row per source: what it can tell at all.
select
    source_id,
    first_day,
    count_below,
    reason
from {{ source('raw', 'bounds') }}
