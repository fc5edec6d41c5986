-- One row per subject, metric, complete period and component (a package, a tag), as often as its source told
-- another value of it. A period's values before it was over are no readings of it.
{% for source_id in ['github', 'stackoverflow', 'wikipedia'] %}
    select
        subject_id,
        metric_id,
        period_start,
        component,
        value,
        first_read_at
    from {{ ref('int_' ~ source_id ~ '__readings') }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
