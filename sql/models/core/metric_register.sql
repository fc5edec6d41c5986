-- One row per metric that a source declares.
select
    metric_id,
    name,
    kind,
    unit,
    grain,
    aggregation,
    source_id,
    definition,
    caveat,
    made_from,
    made_how,
    may_end,
    counted_by,
    asked_after_days,
    headline,
    licence
from {{ source('raw', 'metrics') }}
