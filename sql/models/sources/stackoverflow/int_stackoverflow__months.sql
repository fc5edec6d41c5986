-- One row per subject and UTC month in which its questions are known. Shares are told of finished months only.
-- The two counts of a share are asked for at two times, so a month in which they contradict each other has none.
with identifiers as (
    select
        subject_id,
        identifier as tag
    from {{ source('raw', 'identifiers') }}
    where source_id = 'stackoverflow'
),

site_months as (
    select * from {{ ref('stg_stackoverflow__site_months') }}
    where is_over
),

unanswered_months as (
    select * from {{ ref('stg_stackoverflow__unanswered_months') }}
    where is_over
),

counted as (
    select
        identifiers.subject_id,
        months.month,
        months.questions,
        months.is_over,
        months.is_sample,
        months.fetched_at,
        case when months.is_over then months.questions end as month_questions,
        site_months.questions as site_questions,
        site_months.is_sample as is_sample_site,
        site_months.fetched_at as site_fetched_at,
        unanswered_months.unanswered,
        unanswered_months.is_sample as is_sample_unanswered,
        unanswered_months.fetched_at as unanswered_fetched_at
    from {{ latest(ref('stg_stackoverflow__question_months'), ['tag', 'month']) }} as months
    inner join identifiers using (tag)
    left join site_months using (month)
    left join unanswered_months using (tag, month)
),

shares as (
    select
        *,
        nullif(sum(month_questions) over (partition by month), 0) as rivals_questions,
        {{ share_of_rivals('month_questions', 'stackoverflow') }} as share_of_rivals,
        case when month_questions <= site_questions then month_questions / nullif(site_questions, 0) end
            as share_of_site,
        case when unanswered <= month_questions then 1 - unanswered / nullif(month_questions, 0) end as answered_share
    from counted
)

select
    subject_id,
    month,
    questions,
    is_over,
    is_sample,
    fetched_at,
    share_of_rivals,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '-') }} as share_of_rivals_low,
    {{ wilson_bound('share_of_rivals', 'rivals_questions', '+') }} as share_of_rivals_high,
    bool_or(is_sample) over (partition by month) as is_sample_share_of_rivals,
    max(fetched_at) over (partition by month) as share_of_rivals_fetched_at,
    share_of_site,
    is_sample or is_sample_site as is_sample_share_of_site,
    greatest(fetched_at, site_fetched_at) as share_of_site_fetched_at,
    answered_share,
    {{ wilson_bound('answered_share', 'nullif(month_questions, 0)', '-') }} as answered_share_low,
    {{ wilson_bound('answered_share', 'nullif(month_questions, 0)', '+') }} as answered_share_high,
    is_sample or is_sample_unanswered as is_sample_answered_share,
    greatest(fetched_at, unanswered_fetched_at) as answered_share_fetched_at
from shares
