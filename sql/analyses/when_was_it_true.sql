-- When was each claim true (of all, unless one is named): what did the figures say at the end of each year?
select
    history.claim_id,
    history.year,
    history.verdict,
    history.share_for,
    history.share_against,
    history.share_known
from claim_history as history
inner join claims using (claim_id)
where history.claim_id like coalesce(getvariable('claim'), '%')
order by claims.position, history.year
