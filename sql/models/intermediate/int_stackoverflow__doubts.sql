-- One row per month of questions that is in doubt, with the reason.
select
    null::varchar as subject_id,
    null::varchar as metric_id,
    null::date as period_start,
    null::varchar as reason
where false
