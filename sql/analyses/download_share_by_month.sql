-- How are the downloads of each month shared among those compared?
select
    month,
    subject_id as subject,
    downloads,
    downloads_share as share,
    downloads_low / nullif(downloads, 0) as share_of_peoples_installers,
    downloads_basis as counted_by,
    downloads_state as state
from adoption_monthly
where downloads is not null
order by month desc, share desc
