-- An article's views do not break down to a fifth and stay there. A warning: the days since are suspect until the
-- configuration says what happened, with the titles of the article and the days for which each counts.
{{ config(severity='warn') }}

select
    format(
        '{}: about {:,.0f} views a day since {}, expected {:,.0f} as before: was the article moved or renamed?',
        subject_id, level, broken_on, usual
    ) as finding
from {{ ref('int_wikipedia__level_breaks') }}
where back_on is null
