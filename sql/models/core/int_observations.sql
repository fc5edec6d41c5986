-- One row per subject or tool, metric and period, of every source. The state is what the source's own answer
-- supports, and `suspect` where a known fault of measuring overlaps; unusual and stale are judged later.
-- A source of many rows gives them in order of time, each metric's, so that what a further day tells anew is found
-- without reading the past: they are not sorted here, where all of them are at hand.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook='{{ forget_renewed() }}') }}

-- depends_on: {{ ref('int_renewed') }}
with every_source as (
    {% for source_id in sources_offering('observations') %}
        select * from {{ renewed_rows(ref('int_' ~ source_id ~ '__observations')) }}
        {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
),

-- In a list for each metric, because most have none: asked row by row, all rows would be compared first.
faults as (
    select
        metric_id,
        list(struct_pack(title := title, first_day := occurred_on, last_day := ended_on)) as known
    from {{ ref('known_events') }}
    where kind = 'measuring fault'
    group by all
),

beside_faults as (
    select
        every_source.*,
        faults.known
    from every_source
    left join faults using (metric_id)
),

judged as (
    select
        *,
        list_min(
            list_transform(
                list_filter(known, lambda one: period_start <= one.last_day and period_end >= one.first_day),
                lambda one: one.title
            )
        ) as fault
    from beside_faults
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
