-- A month of downloads is the sum of its packages' days, wherever both are counted in one way.
with months as (
    select
        subject_id,
        date_trunc('month', day)::date as month,
        any_value(basis) as basis,
        sum(downloads) as downloads
    from {{ ref('package_downloads_daily') }}
    where is_counted and installer_class not in ('mirror', 'mirror_or_unnamed') and state <> 'partial'
    group by all
    having min(basis) = max(basis)
)

select
    adoption_monthly.subject_id,
    adoption_monthly.month,
    adoption_monthly.downloads,
    months.downloads as sum_of_days
from {{ ref('adoption_monthly') }} as adoption_monthly
inner join months
    on
        adoption_monthly.subject_id = months.subject_id
        and adoption_monthly.month = months.month
        and starts_with(adoption_monthly.downloads_basis, months.basis)
where adoption_monthly.downloads <> months.downloads
