-- One row per UTC day on which a known fault of measuring downloads overlaps, with its title.
with every_fault_day as (
    select
        unnest(generate_series(occurred_on, ended_on, interval 1 day))::date as day,
        title
    from {{ ref('known_events') }}
    where kind = 'measuring fault' and metric_id = 'pypi_downloads'
)

select
    day,
    min(title) as fault
from every_fault_day
group by all
