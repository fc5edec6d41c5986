-- One row per subject, source and identifier: what the subject is called there, when it counts, and who else counts it.
-- A name counts in two subjects where both have it on one day, in whatever case it is written: some
-- sources tell no cases apart.
with identifiers as (
    select
        *,
        lower(identifier) as name,
        coalesce(valid_from, '-infinity'::date) as first_day,
        coalesce(valid_until, 'infinity'::date) as last_day
    from {{ source('raw', 'identifiers') }}
),

counted as (
    select
        identifiers.*,
        subjects.name as subject,
        subjects.position
    from identifiers
    inner join {{ ref('subjects') }} as subjects using (subject_id)
    where identifiers.within is null
),

shared as (
    select
        counted.source_id,
        counted.name,
        counted.subject,
        counted.position,
        min(greatest(counted.first_day, others.first_day)) as shared_from,
        max(least(counted.last_day, others.last_day)) as shared_until
    from counted
    inner join counted as others
        on
            counted.source_id = others.source_id
            and counted.name = others.name
            and counted.subject_id <> others.subject_id
            and counted.first_day <= others.last_day
            and counted.last_day >= others.first_day
    group by all
),

names as (
    select
        source_id,
        name,
        string_agg(subject, ' and ' order by position) as shared_by,
        min(shared_from) as shared_from,
        max(shared_until) as shared_until
    from shared
    group by all
)

select
    identifiers.subject_id,
    identifiers.source_id,
    identifiers.identifier,
    identifiers.valid_from,
    identifiers.valid_until,
    identifiers.within,
    names.shared_by,
    nullif(names.shared_from, '-infinity'::date) as shared_from,
    nullif(names.shared_until, 'infinity'::date) as shared_until
from identifiers
left join names
    on
        identifiers.source_id = names.source_id
        and identifiers.name = names.name
        and identifiers.within is null
