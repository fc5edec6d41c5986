-- One row per subject and published release of its repository; drafts and prereleases are none.
-- The first release of a series, which is its major and minor number, is told from those that mend it.
with published as (
    select
        repositories.subject_id,
        releases.release_id,
        releases.tag_name,
        releases.published_at,
        releases.url,
        nullif(regexp_extract(releases.tag_name, '^(.*?\d+\.\d+)', 1), '') as series
    from {{ ref('stg_github__releases') }} as releases
    asof inner join {{ ref('int_github__names') }} as names
        on releases.repository = names.name and releases.fetched_at::date >= names.observed_on
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    where not releases.is_draft and not releases.is_prerelease
)

select
    subject_id,
    release_id,
    tag_name,
    published_at,
    url,
    series is not null
    and row_number() over (partition by subject_id, series order by published_at, release_id) > 1 as is_patch
from published
