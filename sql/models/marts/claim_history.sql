-- One row per claim and year that is over since anything was known: the verdict by what was known at its end.
select
    claim_id,
    year(as_of) as year,
    as_of,
    verdict,
    weight_for / nullif(weight_known, 0) as share_for,
    weight_against / nullif(weight_known, 0) as share_against,
    weight_known / weight_asked as share_known
from {{ ref('int_claim_verdicts') }}
where
    month(as_of) = 12 and day(as_of) = 31
    -- The verdict of today is made of all that is known: on the last day of a year that is no past one yet.
    and as_of < (select build.built_at::date from {{ source('raw', 'build') }} as build)
    and as_of >= (
        select min(known.as_of)
        from {{ ref('int_claim_verdicts') }} as known
        where known.weight_known > 0
    )
