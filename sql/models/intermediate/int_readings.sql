-- One row per subject, metric, complete period and component (a package's day, a tag) that its source told in more
-- than one way, as often as it told another value; whole_at is when the period's value was first known. What was
-- told before the period was over is no reading.
with every_source as (
    {% for source_id in ['github', 'pypi', 'stackoverflow', 'wikipedia'] %}
        select
            subject_id,
            metric_id,
            period_start,
            basis,
            component,
            value,
            first_read_at,
            whole_at
        from {{ ref('int_' ~ source_id ~ '__readings') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    subject_id,
    metric_id,
    period_start,
    basis,
    component,
    value,
    first_read_at,
    whole_at
from every_source
qualify count(*) over (partition by subject_id, metric_id, period_start, basis, component) > 1
