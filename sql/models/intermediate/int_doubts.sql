-- One row per observation that a check of its source has a doubt about, with the reason: what is warned of about a
-- figure stands on that figure.
with every_source as (
    {% for source_id in ['github', 'google_trends', 'pypi', 'stackoverflow', 'wikipedia'] %}
        select
            subject_id,
            metric_id,
            period_start,
            reason
        from {{ ref('int_' ~ source_id ~ '__doubts') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    subject_id,
    metric_id,
    period_start,
    string_agg(distinct reason, '; ' order by reason) as reason
from every_source
group by all
