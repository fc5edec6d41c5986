-- How does each period compare with the one a year before, and where it cannot be compared, why?
select
    period_start,
    subject_id as subject,
    value,
    value_year_before,
    yoy as growth,
    reason as why_not,
    state
from yoy(coalesce(getvariable('metric'), 'pypi_downloads'))
order by period_start desc, subject asc
