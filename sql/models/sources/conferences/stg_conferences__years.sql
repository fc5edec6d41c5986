-- One row per framework and year in which all of the five conferences were counted. Unit: papers.
{% set conferences = ['ACL', 'CVPR', 'EMNLP', 'ICML', 'NeurIPS'] %}
select
    framework,
    date_trunc('year', month)::date as year,
    sum(papers_naming) as papers_naming,
    sum(papers) as papers,
    -- When each was counted is not known; all were by the last of them.
    (select max(last_day(every_one.month)) from {{ ref('conference_papers') }} as every_one) as counted_by
from {{ ref('conference_papers') }}
where conference in ('{{ conferences | join("', '") }}')
group by framework, date_trunc('year', month)
having count(*) = {{ conferences | length }}
