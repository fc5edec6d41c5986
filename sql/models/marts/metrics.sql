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
    may_end
from {{ ref('metric_register') }}
