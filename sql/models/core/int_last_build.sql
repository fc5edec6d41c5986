-- One row: the last answer that was in the last whole build of this configuration; 0 where there was none.
select coalesce(max(built.page_id), 0) as page_id
from {{ source('raw', 'built') }} as built
where built.configuration_sha256 in (select build.configuration_sha256 from {{ source('raw', 'build') }} as build)
