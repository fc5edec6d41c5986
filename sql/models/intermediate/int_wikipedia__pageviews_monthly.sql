-- One row per subject and complete UTC month, every day of which is known. Unit: views of the subject's article.
select
    subject_id,
    date_trunc('month', period_start)::date as month,
    sum(value)::bigint as pageviews,
    case when bool_or(state = 'sample') then 'sample' else 'ok' end as pageviews_state
from {{ ref('int_wikipedia__observations') }}
group by all
having count(*) = day(max(last_day(period_start)))
