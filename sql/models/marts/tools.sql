-- One row per tool around the subjects, in the order of the configuration.
with pulled_in as (
    select distinct
        identifiers.tool_id,
        subjects.name || ' installs ' || identifiers.identifier || ' with itself, so its downloads are no vote for it'
            as told
    from {{ source('raw', 'tool_identifiers') }} as identifiers
    inner join {{ source('raw', 'identifiers') }} as theirs
        on identifiers.source_id = theirs.source_id and identifiers.pulled_in_by = theirs.identifier
    inner join {{ ref('subjects') }} as subjects on theirs.subject_id = subjects.subject_id
),

caveats as (
    select
        tool_id,
        string_agg(told, '; ' order by told) as caveat
    from pulled_in
    group by all
),

called as (
    select
        tool_id,
        string_agg(distinct identifier, ', ' order by identifier) as packages
    from {{ source('raw', 'tool_identifiers') }}
    group by all
)

select
    tools.tool_id,
    tools.name,
    tools.theme,
    tools.subject_id,
    called.packages,
    caveats.caveat,
    tools.position
from {{ source('raw', 'tools') }} as tools
left join called using (tool_id)
left join caveats using (tool_id)
