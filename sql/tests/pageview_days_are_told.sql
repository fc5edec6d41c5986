-- Of the days since an article's first, up to its newest, enough are told.
-- An error: one answer tells all of them, so it was cut short or is about another article.
with measured as (
    select
        article as name,
        -- A day is a bit: those that were told in two ways count once, without comparing millions of them.
        bit_count(bitstring_agg(day - date '2015-07-01', 0, 36500)) / (max(day) - min(day) + 1) as quantity
    from {{ ref('stg_wikipedia__pageview_days') }}
    where day between date '2015-07-01' and date '2115-01-01'
    group by all
)

{{ outside_expectation('measured', 'wikipedia', 'days_told_share') }}
