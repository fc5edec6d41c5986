-- One row per subject, metric, complete period and component (a package's day, a tag) that its source told in more
-- than one way, as often as it told another value; whole_at is when the period's value was first known. What was
-- told before the period was over is none. Each source that tells its past again has its own
-- (`int_<source_id>__vintages`).
{%- set columns = [
    'subject_id', 'metric_id', 'period_start', 'basis', 'component', 'value', 'first_read_at', 'whole_at'
] %}
select {{ columns | join(', ') }}
from {{ offered('vintages', columns) }}
qualify count(*) over (partition by subject_id, metric_id, period_start, basis, component) > 1
