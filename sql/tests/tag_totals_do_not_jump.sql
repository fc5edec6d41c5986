-- A tag's total of questions moves with what is asked and deleted: from one reading to the next it loses at most
-- 2 percent, and gains at most a quarter and 50, more than any month of pytorch since 2018.
-- A warning: a jump is a tag that was merged or renamed, and its months are another tag's then.
{{ config(severity='warn') }}

with readings as (
    select
        tag,
        observed_on,
        questions,
        lag(questions) over (partition by tag order by observed_on) as questions_before
    from {{ ref('stg_stackoverflow__tag_totals') }}
)

select
    tag || ' ' || observed_on || ': ' || questions || ' questions ever after ' || questions_before
    || ', expected 98 to 125 percent of it' as finding
from readings
where questions < 0.98 * questions_before or questions > 1.25 * questions_before + 50
