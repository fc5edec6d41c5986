-- What is claimed, what do the figures say of it today, since when, and how sure is that?
select
    claim_id,
    sentence,
    verdict,
    since,
    true_until,
    confidence,
    evidence,
    state
from claims
order by position
