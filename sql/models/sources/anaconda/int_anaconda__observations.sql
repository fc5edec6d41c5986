-- One row per subject, metric and UTC month of which the count of each package that counts is known. Unit: downloads,
-- of all channels named for the subject and of conda-forge alone.
{{ observed_period_counts(
    ref('int_anaconda__months'), ref('int_anaconda__packages'),
    component='package', period='month', count='downloads',
    metric_id='conda_downloads', basis='all channels named',
) }}
union all
{{ observed_period_counts(
    ref('int_anaconda__months'), ref('int_anaconda__forge_packages'),
    component='package', period='month', count='downloads',
    metric_id='conda_forge_downloads', basis='channel conda-forge',
) }}
