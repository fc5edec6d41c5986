-- One row per published release of a subject's repository, and per change of its name.
select
    'github-release-' || releases.subject_id || '-' || releases.release_id as event_id,
    releases.subject_id,
    null::varchar as metric_id,
    releases.published_at::date as occurred_on,
    null::date as ended_on,
    case when releases.is_patch then 'patch release' else 'release' end as kind,
    -- v2.6.0 is told as 2.6, v2.6.1 as 2.6.1.
    subjects.name || ' '
    || regexp_replace(regexp_replace(releases.tag_name, '^v(\d)', '\1'), '^(\d+\.\d+)\.0$', '\1') as title,
    releases.url
from {{ ref('int_github__releases') }} as releases
inner join {{ ref('subjects') }} as subjects using (subject_id)
union all
select
    'github-rename-' || subject_id || '-' || observed_on as event_id,
    subject_id,
    null::varchar as metric_id,
    observed_on as occurred_on,
    null::date as ended_on,
    'rename' as kind,
    former_name || ' is now ' || full_name as title,
    'https://github.com/' || full_name as url
from {{ ref('int_github__renames') }}
