-- Of the days since an article's first, up to its newest, enough are told.
-- An error: one answer tells all of them, so it was cut short or is about another article.
with measured as (
    select
        article as name,
        count(distinct day) / (max(day) - min(day) + 1) as quantity
    from {{ ref('stg_wikipedia__pageview_days') }}
    group by all
)

{{ outside_expectation('measured', 'wikipedia', 'days_told_share') }}
