-- Does who leads in adoption, or in community, hang on how the measures are weighted, or on a single one of them?
select
    weightings.kind,
    weightings.subject_id as subject,
    weightings.measures,
    weightings.leads_share as leads_under,
    weightings.index_low as lowest,
    weightings.index_median as median,
    weightings.index_high as highest,
    weightings.state,
    list(without.metric_id order by without.metric_id) filter (
        where without.leader_id = weightings.subject_id
    ) as leads_without
from weightings
left join weighting_without as without using (kind)
group by all
order by weightings.kind asc, leads_under desc nulls last, subject asc
