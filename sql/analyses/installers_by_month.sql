-- Who installs: people, machines or mirrors?
with months as (
    select
        date_trunc('month', day)::date as month,
        subject_id as subject,
        installer_class,
        sum(downloads)::bigint as downloads
    from package_downloads_daily
    where is_counted and state <> 'partial'
    group by all
)

select
    month,
    subject,
    installer_class,
    downloads,
    downloads / nullif(sum(downloads) over (partition by month, subject), 0) as share
from months
order by month desc, subject asc, downloads desc, installer_class asc
