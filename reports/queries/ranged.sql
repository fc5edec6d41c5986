-- One row per subject and month of a share of questions, with the range that chance alone leaves open (Wilson, 95 %).
select
    observations.subject_id,
    observations.period_start as first_day,
    observations.period_end as last_day,
    observations.value,
    community_monthly.$share_low as low,
    community_monthly.$share_high as high,
    observations.state,
    observations.basis,
    case when observations.state = 'suspect' then observations.state_reason end as reason
from observations
left join community_monthly
    on observations.subject_id = community_monthly.subject_id and observations.period_start = community_monthly.month
where observations.metric_id = '$metric' and isfinite(observations.value)
order by observations.subject_id, first_day
