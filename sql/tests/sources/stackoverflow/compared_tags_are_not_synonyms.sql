-- No compared tag is turned into another compared one, whose questions it would bring along.
-- A warning: the counts are true of the tags, and the configuration is to be changed.
{{ config(severity='warn') }}

select
    synonyms.from_tag || ': Stack Overflow turns it into ' || synonyms.to_tag || ' since ' || synonyms.created_on
    || ', expected two tags' as finding
from {{ ref('stg_stackoverflow__tag_synonyms') }} as synonyms
inner join {{ source('raw', 'identifiers') }} as identifiers
    on synonyms.from_tag = identifiers.identifier and identifiers.source_id = 'stackoverflow'
