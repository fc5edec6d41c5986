-- One row per subject: the repository that its configured name means now.
select
    identifiers.subject_id,
    arg_max(names.repository_id, names.observed_on) as repository_id
from {{ source('raw', 'identifiers') }} as identifiers
inner join {{ ref('int_github__names') }} as names on identifiers.identifier = names.name
where identifiers.source_id = 'github'
group by all
