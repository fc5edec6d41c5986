-- The newest pull of months tells as many of them as the window has that is asked for.
-- An error: fewer are another window, on a scale of its own, and they would replace all that was published.
with measured as (
    select
        interest.term as name,
        count(*)::double as quantity
    from {{ ref('int_google_trends__interest') }} as interest
    inner join {{ ref('int_google_trends__draws') }} as draws
        on interest.pull = draws.pull and draws.pull = draws.newest_pull
    where draws.resolution = 'MONTH'
    group by all
)

{{ outside_expectation('measured', 'google_trends', 'points') }}
