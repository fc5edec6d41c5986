-- One row per subject, metric, UTC month and stretch of time in which the same was told of its family. Unit: projects,
-- and of 10,000 with a release those that require it.
{% set metrics = {
    'pypi_dependents_total': 'requiring_total',
    'pypi_dependents_released': 'requiring',
    'pypi_dependents_released_per_10000': 'requiring_per_10000',
    'pypi_dependents_optional_total': 'offering_total',
} %}
with families as (
    select
        subject_id,
        string_agg(identifier, ';' order by identifier) as family
    from {{ source('raw', 'identifiers') }}
    where source_id = 'dependents'
    group by subject_id
)

{% for metric_id, count in metrics.items() %}
    select
        families.subject_id,
        '{{ metric_id }}' as metric_id,
        months.month,
        months.family,
        months.{{ count }}::double as value,
        months.is_over,
        months.is_sample,
        months.first_read_at,
        months.fetched_at,
        months.page_id
    from {{ ref('stg_dependents__months') }} as months
    inner join families using (family)
    where months.{{ count }} is not null
    {% if not loop.last %}union all{% endif %}
{% endfor %}
