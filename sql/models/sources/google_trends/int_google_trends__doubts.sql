-- One row per period of search interest that is in doubt, with the reason: a 0 between figures that are far from it.
-- Holes of single periods and of whole years were seen, of one term and not of another. Interest comes and goes by
-- degrees, even where it rises once a year: then its zeros lie beside small figures.
-- Interest of so much, of 100, does not fall to nothing from one period to the next and come back.
{% set far_from_nothing = 20 %}
with around as (
    select
        subject_id,
        metric_id,
        period_start,
        value,
        last_value(nullif(value, 0) ignore nulls) over (
            partition by subject_id, metric_id order by period_start
            rows between unbounded preceding and 1 preceding
        ) as value_before,
        first_value(nullif(value, 0) ignore nulls) over (
            partition by subject_id, metric_id order by period_start
            rows between 1 following and unbounded following
        ) as value_after
    from {{ ref('int_google_trends__observations') }}
)

select
    subject_id,
    metric_id,
    period_start,
    -- The newest has none after it yet.
    concat_ws(
        ' ',
        'no interest at all, beside',
        value_before,
        case when value_after is not null then 'and' end,
        value_after
    ) as reason
from around
where
    value = 0
    and value_before >= {{ far_from_nothing }}
    and coalesce(value_after, value_before) >= {{ far_from_nothing }}
