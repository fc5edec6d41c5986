-- One row per subject, metric and period, of every source. The state is what the source's own answer
-- supports, and `suspect` where a known fault of measuring overlaps; being stale is judged later.
with every_source as (
    {% for source_id in ['github', 'pypi', 'stackoverflow', 'google_trends', 'wikipedia'] %}
        select * from {{ ref('int_' ~ source_id ~ '__observations') }}
        {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
)

select
    every_source.subject_id,
    every_source.metric_id,
    every_source.period_start,
    every_source.period_end,
    every_source.value,
    every_source.low,
    every_source.high,
    case
        when every_source.state = 'ok' and exists (
            select 1
            from {{ ref('known_events') }} as faults
            where
                faults.kind = 'measuring fault'
                and faults.metric_id = every_source.metric_id
                and every_source.period_start <= faults.ended_on
                and every_source.period_end >= faults.occurred_on
        ) then 'suspect'
        else every_source.state
    end as state,
    every_source.basis,
    every_source.observed_at
from every_source
