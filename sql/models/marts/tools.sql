-- One row per tool around the subjects, in the order of the configuration.
with called as (
    select
        identifiers.tool_id,
        string_agg(distinct identifiers.identifier, ', ' order by identifiers.identifier) as packages,
        string_agg(
            distinct subjects.name || ' installs ' || identifiers.identifier
            || ' with itself, so its downloads are no vote for it',
            '; '
            order by subjects.name || ' installs ' || identifiers.identifier
            || ' with itself, so its downloads are no vote for it'
        ) as caveat
    from {{ source('raw', 'tool_identifiers') }} as identifiers
    left join {{ source('raw', 'identifiers') }} as theirs
        on identifiers.source_id = theirs.source_id and identifiers.pulled_in_by = theirs.identifier
    left join {{ ref('subjects') }} as subjects on theirs.subject_id = subjects.subject_id
    group by all
)

select
    tools.tool_id,
    tools.name,
    tools.theme,
    tools.subject_id,
    called.packages,
    called.caveat,
    tools.position
from {{ source('raw', 'tools') }} as tools
left join called using (tool_id)
