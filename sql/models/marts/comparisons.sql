-- One row per further question of the configuration, in its order.
select
    comparison_id,
    question,
    subjects,
    measures,
    position
from {{ source('raw', 'comparisons') }}
