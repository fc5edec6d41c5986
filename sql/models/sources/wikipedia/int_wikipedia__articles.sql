-- One row per subject, article and stretch of days on which the same articles count, both days included; `articles` is
-- how many these are. Where an article was moved, its former title counts before the new one.
with articles as (
    select
        subject_id,
        identifier as article,
        coalesce(valid_from, '-infinity'::date) as valid_from,
        coalesce(valid_until, 'infinity'::date) as valid_until
    from {{ source('raw', 'identifiers') }}
    where source_id = 'wikipedia'
),

changes as (
    select
        subject_id,
        valid_from as first_day
    from articles
    union
    select
        subject_id,
        valid_until + 1 as first_day
    from articles
    where isfinite(valid_until)
),

stretches as (
    select
        subject_id,
        first_day,
        coalesce(lead(first_day) over (partition by subject_id order by first_day) - 1, 'infinity'::date) as last_day
    from changes
)

select
    stretches.subject_id,
    articles.article,
    stretches.first_day,
    stretches.last_day,
    count(*) over (partition by stretches.subject_id, stretches.first_day) as articles
from stretches
inner join articles
    on
        stretches.subject_id = articles.subject_id
        and stretches.first_day >= articles.valid_from
        and stretches.last_day <= articles.valid_until
