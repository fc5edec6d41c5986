-- Of the months since a tag's first that were over when its newest one was answered, enough are known.
-- A warning: months are asked for one by one, so one that is missing is a hole and no wrong figure.
{{ config(severity='warn') }}

with measured as (
    select
        tag as name,
        count(distinct month) / (date_diff('month', min(month), max(month)) + 1) as quantity
    from {{ ref('stg_stackoverflow__question_months') }}
    where is_over
    group by all
)

{{ outside_expectation('measured', 'stackoverflow', 'known_months_share') }}
