-- What share of questions has an answer, by month, or by quarter where a month has fewer than 30 questions?
with thin_quarters as (
    select * from community_quarterly
    where is_thin
),

rates as (
    select
        'month' as period,
        months.month as begins_on,
        months.subject_id as subject,
        months.questions,
        months.questions_answered_share as answered_share,
        months.questions_answered_share_low as low,
        months.questions_answered_share_high as high,
        months.questions_answered_share_state as state
    from community_monthly as months
    left join thin_quarters
        on
            months.subject_id = thin_quarters.subject_id
            and date_trunc('quarter', months.month) = thin_quarters.quarter
    where thin_quarters.quarter is null
    union all
    select
        'quarter' as period,
        quarter as begins_on,
        subject_id as subject,
        questions,
        questions_answered_share as answered_share,
        questions_answered_share_low as low,
        questions_answered_share_high as high,
        state
    from thin_quarters
)

select *
from rates
where answered_share is not null
order by begins_on desc, answered_share desc
