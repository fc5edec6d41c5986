-- One row per package of a channel and UTC month whose file has it, as it was last told. Unit: downloads.
select
    package,
    month,
    downloads,
    false as is_sample,
    fetched_at,
    page_id
from {{ latest(ref('stg_anaconda__package_months'), ['package', 'month']) }}
where downloads is not null
