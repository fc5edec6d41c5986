-- Which checks failed at the last build, and why?
select
    check_id as what_was_checked,
    source_id as source,
    severity,
    failing_rows,
    detail
from quality_checks
where not passed
order by severity asc, what_was_checked asc
