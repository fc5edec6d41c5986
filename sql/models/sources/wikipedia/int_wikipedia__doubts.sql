-- One row per day of pageviews that is in doubt, with the reason.
select
    observations.subject_id,
    observations.metric_id,
    observations.period_start,
    min(
        format(
            '{:,.0f} views a day until {}, about {:,.0f} since: was the article moved or renamed?',
            breaks.usual, breaks.broken_on - 1, breaks.level
        )
    ) as reason
from {{ ref('int_observations') }} as observations
inner join {{ ref('int_wikipedia__level_breaks') }} as breaks
    on
        observations.subject_id = breaks.subject_id
        and observations.period_start >= breaks.broken_on
        and observations.period_start < coalesce(breaks.back_on, 'infinity')
where observations.metric_id = 'wikipedia_pageviews'
group by all
