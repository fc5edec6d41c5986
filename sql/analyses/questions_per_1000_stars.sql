-- How many questions does each subject draw for every 1,000 stars it has?
select
    month,
    subject_id as subject,
    questions,
    stars_total,
    1000 * questions / nullif(stars_total, 0) as questions_per_1000_stars
from community_monthly
where questions is not null and stars_total is not null
order by month desc, questions_per_1000_stars desc
