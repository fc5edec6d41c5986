-- Of the days on which an article counts, from the first to the newest that is told, enough are told.
-- An error: one answer tells all of them, so it was cut short or is about another article.
with measured as (
    select
        days.article as name,
        -- A day is a bit: those that were told in two ways count once, without comparing millions of them.
        bit_count(bitstring_agg(days.day - date '2015-07-01', 0, 36500)) / (max(days.day) - min(days.day) + 1)
            as quantity
    from {{ ref('stg_wikipedia__pageview_days') }} as days
    inner join {{ ref('int_wikipedia__articles') }} as articles
        on days.article = articles.article and days.day between articles.first_day and articles.last_day
    where days.day between date '2015-07-01' and date '2115-01-01'
    group by articles.subject_id, days.article
)

{{ outside_expectation('measured', 'wikipedia', 'days_told_share') }}
