-- Which past figures did the sources change in the 30 days before this file was built?
select
    revisions.changed_at,
    revisions.metric_id as metric,
    revisions.subject_id as subject,
    revisions.period_start,
    revisions.old_value,
    revisions.new_value,
    revisions.new_value / nullif(revisions.old_value, 0) - 1 as change
from revisions
cross join build_info
where utc_day(revisions.changed_at) >= utc_day(build_info.built_at) - coalesce(getvariable('days'), '30')::integer
order by abs(revisions.new_value - revisions.old_value) desc, metric asc, subject asc, revisions.period_start asc
