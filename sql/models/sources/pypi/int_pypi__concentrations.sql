-- One row per subject or tool, complete UTC month, split and category (installer, Python version, system) that made
-- most of the month's downloads and much less of those around it. Shares of what the split divides, mirrors left out.
-- One that made most of a month's downloads, and by so much less of those around it, says that few made them; of a few
-- hundred downloads one person's script is most.
{{ config(materialized='table') }}
{% set concentrated_share, concentrated_rise, concentrated_downloads = 0.5, 0.25, 1000 %}
with months as (
    select
        subject_id,
        month,
        split,
        category,
        sum(downloads) as downloads
    from {{ ref('int_pypi__category_months') }}
    group by all
),

shares as (
    select
        *,
        sum(downloads) over whole_month as month_downloads,
        downloads / nullif(sum(downloads) over whole_month, 0) as share
    from months
    window whole_month as (partition by subject_id, month, split)
),

known_months as (
    select distinct
        subject_id,
        split,
        month
    from shares
),

-- An installer that made nothing of a month around has no row there.
beside as (
    select
        concentrated.subject_id,
        concentrated.month,
        concentrated.split,
        concentrated.category,
        concentrated.share,
        median(coalesce(around.share, 0)) filter (where known_months.month < concentrated.month) as usual_before,
        median(coalesce(around.share, 0)) filter (where known_months.month > concentrated.month) as usual_after,
        count(*) as neighbours
    from shares as concentrated
    inner join known_months
        on
            concentrated.subject_id = known_months.subject_id
            and concentrated.split = known_months.split
            and known_months.month between concentrated.month - interval 4 month
            and concentrated.month + interval 4 month
            and concentrated.month <> known_months.month
    left join shares as around
        on
            known_months.subject_id = around.subject_id
            and known_months.split = around.split
            and known_months.month = around.month
            and concentrated.category = around.category
    where
        concentrated.share >= {{ concentrated_share }}
        and concentrated.month_downloads >= {{ concentrated_downloads }}
    group by all
)

select
    beside.subject_id,
    beside.month,
    beside.split,
    beside.category,
    beside.share,
    greatest(beside.usual_before, beside.usual_after) as usual_share
from beside
inner join {{ ref('int_pypi__subject_months') }} as subject_months using (subject_id, month)
inner join {{ ref('unusual_thresholds') }} as thresholds on thresholds.grain = 'month'
where
    subject_months.is_complete
    and beside.neighbours >= thresholds.least_neighbours
    and beside.share >= greatest(beside.usual_before, beside.usual_after) + {{ concentrated_rise }}
