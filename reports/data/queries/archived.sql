-- One row per source and time at which a newest figure was told, with the archive files of the attempts then.
select
    told.source_id,
    told.observed_at,
    list(attempts.archive_file order by attempts.archive_file) as files
from (
    select distinct metrics.source_id, newest.observed_at
    from (
        select metric_id, observed_at from observations
        where state not in ('partial', 'suspect') and isfinite(value)
        qualify row_number() over (partition by subject_id, metric_id order by period_start desc) = 1
    ) as newest
    inner join metrics using (metric_id)
) as told
inner join source_attempts as attempts
    on told.source_id = attempts.source_id
    and told.observed_at between date_trunc('second', attempts.started_at) and attempts.finished_at
where attempts.answers > 0
group by all
