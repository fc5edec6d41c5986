-- What share of each month's questions has an answer?
select
    month,
    subject_id as subject,
    questions,
    questions_answered_share as answered_share,
    questions_answered_share_low as low,
    questions_answered_share_high as high,
    questions_answered_share_state as state
from community_monthly
where questions_answered_share is not null
order by month desc, answered_share desc
