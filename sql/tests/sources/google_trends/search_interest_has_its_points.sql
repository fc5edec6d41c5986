-- The newest pull of months tells as many of them as the window has that is asked for, of each term of which any
-- pull has told.
-- An error: fewer are another window, on a scale of its own, and they would replace all that was published.
with terms as (
    select distinct interest.term
    from {{ ref('int_google_trends__interest') }} as interest
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on identifiers.source_id = 'google_trends' and interest.term = lower(identifiers.identifier)
    where interest.resolution = 'MONTH'
),

newest as (
    select
        interest.term,
        count(*) as points
    from {{ ref('int_google_trends__interest') }} as interest
    inner join {{ ref('int_google_trends__draws') }} as draws
        on interest.pull = draws.pull and draws.pull = draws.newest_pull
    where draws.resolution = 'MONTH'
    group by all
),

measured as (
    select
        terms.term as name,
        coalesce(newest.points, 0)::double as quantity
    from terms
    left join newest using (term)
)

{{ outside_expectation('measured', 'google_trends', 'points') }}
