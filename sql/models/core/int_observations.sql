-- One row per subject or tool, metric and period, of every source. The state is what the source's own answer
-- supports, and `suspect` where a known fault of measuring overlaps; unusual and stale are judged later.
-- Each source's rows lie in order of time, so that what a further day tells anew is found without reading the past.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook='{{ forget_renewed() }}') }}

-- depends_on: {{ ref('int_renewed') }}
with every_source as (
    {% for source_id in sources_offering('observations') %}
        (
            select * from {{ renewed_rows(ref('int_' ~ source_id ~ '__observations')) }}
            order by period_start
        )
        {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
),

faults as (
    select
        metric_id,
        occurred_on,
        ended_on,
        title
    from {{ ref('known_events') }}
    where kind = 'measuring fault'
),

judged as (
    select
        every_source.*,
        (
            select min(faults.title)
            from faults
            where
                faults.metric_id = every_source.metric_id
                and every_source.period_start <= faults.ended_on
                and every_source.period_end >= faults.occurred_on
        ) as fault
    from every_source
)

select
    subject_id,
    metric_id,
    period_start,
    period_end,
    value,
    low,
    high,
    case when state = 'ok' and fault is not null then 'suspect' else state end as state,
    case when state = 'ok' then fault end as state_reason,
    basis,
    observed_at
from judged
