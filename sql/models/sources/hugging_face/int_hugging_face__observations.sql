-- One row per subject, metric and UTC day on which all of its libraries were read. Unit: models, of several libraries
-- the sum, low being the largest of them; and of 1,000 models of the Hub.
with counted as (
    select
        identifiers.subject_id,
        models.observed_on,
        sum(models.models) as models,
        max(models.models) as largest,
        count(*) as libraries,
        bool_or(models.is_sample) as is_sample,
        max(models.fetched_at) as fetched_at
    from {{ ref('stg_hugging_face__models') }} as models
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on
            models.library = identifiers.identifier
            and identifiers.source_id = 'hugging_face'
            and models.observed_on >= coalesce(identifiers.valid_from, '-infinity'::date)
            and models.observed_on <= coalesce(identifiers.valid_until, 'infinity'::date)
    group by identifiers.subject_id, models.observed_on
),

-- How many libraries count for a subject on a day.
expected as (
    select
        counted.subject_id,
        counted.observed_on,
        count(*) as libraries
    from counted
    inner join {{ source('raw', 'identifiers') }} as identifiers
        on
            counted.subject_id = identifiers.subject_id
            and identifiers.source_id = 'hugging_face'
            and counted.observed_on >= coalesce(identifiers.valid_from, '-infinity'::date)
            and counted.observed_on <= coalesce(identifiers.valid_until, 'infinity'::date)
    group by counted.subject_id, counted.observed_on
),

known as (
    select
        counted.*,
        all_models.models as all_models
    from counted
    inner join expected using (subject_id, observed_on, libraries)
    left join {{ ref('stg_hugging_face__models') }} as all_models
        on counted.observed_on = all_models.observed_on and all_models.library = '*'
),

figures as (
    select
        subject_id,
        'hugging_face_models' as metric_id,
        observed_on,
        models::double as value,
        case when libraries > 1 then largest::double end as low,
        case when libraries > 1 then models::double end as high,
        is_sample,
        fetched_at
    from known
    union all
    select
        subject_id,
        'hugging_face_models_per_1000' as metric_id,
        observed_on,
        1000 * models / nullif(all_models, 0) as value,
        case when libraries > 1 then 1000 * largest / nullif(all_models, 0) end as low,
        case when libraries > 1 then 1000 * models / nullif(all_models, 0) end as high,
        is_sample,
        fetched_at
    from known
)

select
    subject_id,
    metric_id,
    observed_on as period_start,
    observed_on as period_end,
    value,
    low,
    high,
    case when is_sample then 'sample' else 'ok' end as state,
    'models with the tag' as basis,
    fetched_at as observed_at
from figures
where value is not null
