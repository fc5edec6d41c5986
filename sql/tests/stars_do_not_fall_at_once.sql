-- Stars are taken back one by one. From one reading to the next no more than 0.5 percent are: forty times the
-- largest fall of a day in PyTorch's, TensorFlow's and Keras's of 2018 to 2025.
-- A warning: GitHub removes the stars of closed accounts, now and then many at once, and then it is true. Of the last
-- quarter, because an older fall is history, and no news.
{{ config(severity='warn') }}

with readings as (
    select
        repository,
        observed_on,
        stars,
        lag(stars) over (partition by repository order by observed_on) as stars_before
    from {{ ref('stg_github__repository') }}
    where observed_on >= (select build.built_at::date - 92 from {{ source('raw', 'build') }} as build)
)

select
    repository || ' ' || observed_on || ': ' || stars || ' stars after ' || stars_before
    || ', expected a fall of at most 0.5 percent' as finding
from readings
where stars < 0.995 * stars_before
