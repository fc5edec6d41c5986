-- Stars are taken back one by one: from one reading to the next no more than 0.5 percent are.
-- A warning: GitHub removes the stars of closed accounts, now and then many at once, and then it is true. Of the last
-- quarter, because an older fall is history, and no news; the reading stays suspect.
{{ config(severity='warn') }}

select
    subject_id || ' ' || period_start || ': ' || value::bigint || ' stars after ' || value_before::bigint
    || ', expected a fall of at most 0.5 percent' as finding
from {{ ref('int_github__counter_jumps') }}
where
    metric_id = 'github_stars_total'
    and value < value_before
    and period_start >= (select build.built_at::date - 92 from {{ source('raw', 'build') }} as build)
