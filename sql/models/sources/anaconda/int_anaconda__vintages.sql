-- One row per subject, metric, UTC month and package that Anaconda told in more than one way, as often as it told
-- another. Unit: downloads.
{%- set told = "(select * from " ~ ref('stg_anaconda__package_months') ~ " where downloads is not null)" %}
select * from ({{ vintages_of_period_counts(
    told, ref('int_anaconda__packages'),
    component='package', period='month', count='downloads',
    metric_id='conda_downloads', basis='all channels named',
) }})
union all
select * from ({{ vintages_of_period_counts(
    told, ref('int_anaconda__forge_packages'),
    component='package', period='month', count='downloads',
    metric_id='conda_forge_downloads', basis='channel conda-forge',
) }})
