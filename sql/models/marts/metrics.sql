-- One row per metric.
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
    may_end,
    counted_by,
    licence
from {{ ref('metric_register') }}
