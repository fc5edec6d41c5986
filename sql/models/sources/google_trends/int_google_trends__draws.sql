-- One row per resolution and pull that its published figures rest on: of the last 28 days the newest pull of those that
-- compare most of today's terms (an export may have more of them than Google is asked about), and of those asked for
-- the same in these days the last of each day, as far as they are on its scale. The same are terms, region,
-- category, way of asking and window; a file that states no region is of none but its own. A scale is set by its
-- 100 alone, so two pulls share one, but for sampling, where a finished 100 of one is a 100 of the other.
with newest_days as (
    select
        resolution,
        max(fetched_at)::date as day
    from {{ ref('int_google_trends__interest') }}
    group by all
),

pulls as (
    select distinct
        interest.pull,
        interest.origin,
        interest.region,
        interest.category,
        interest.terms,
        interest.window_first_day,
        interest.window_last_day,
        interest.resolution,
        interest.is_sample,
        interest.content,
        interest.fetched_at
    from {{ ref('int_google_trends__interest') }} as interest
    inner join newest_days
        on interest.resolution = newest_days.resolution and interest.fetched_at::date > newest_days.day - 28
),

terms_compared as (
    select
        pulls.pull,
        pulls.resolution,
        count(distinct identifiers.identifier) as compared
    from pulls
    left join {{ source('raw', 'identifiers') }} as identifiers
        on
            identifiers.source_id = 'google_trends'
            and list_contains(pulls.terms, lower(identifiers.identifier))
    group by all
),

newest as (
    select pulls.*
    from pulls
    inner join terms_compared using (pull, resolution)
    qualify row_number() over (
        partition by pulls.resolution
        order by terms_compared.compared desc, pulls.fetched_at desc, pulls.pull desc
    ) = 1
),

asked_alike as (
    select
        newest.pull as newest_pull,
        pulls.pull,
        pulls.fetched_at,
        pulls.content
    from newest
    inner join pulls
        on
            newest.resolution = pulls.resolution
            and newest.origin = pulls.origin
            and newest.region = pulls.region
            and newest.category is not distinct from pulls.category
            and newest.terms = pulls.terms
            and newest.is_sample = pulls.is_sample
            and {{ same_window('newest', 'pulls') }}
    where pulls.pull = newest.pull or pulls.region <> 'region not stated'
),

-- What comes again word for word is no further draw.
answers as (
    select *
    from asked_alike
    qualify row_number() over (partition by newest_pull, content order by fetched_at desc, pull desc) = 1
),

-- Google repeats itself within a day.
draws as (
    select *
    from answers
    qualify row_number() over (partition by newest_pull, fetched_at::date order by fetched_at desc, pull desc) = 1
),

peaks as (
    select
        pull,
        term,
        period_start
    from {{ ref('int_google_trends__interest') }}
    where interest = 100 and not is_partial and pull in (select draws.pull from draws)
)

select
    newest.resolution,
    newest.pull as newest_pull,
    newest.origin,
    newest.region,
    newest.category,
    newest.window_first_day,
    newest.window_last_day,
    newest.is_sample,
    newest.fetched_at,
    draws.pull
from draws
inner join newest on draws.newest_pull = newest.pull
where
    draws.pull = newest.pull
    or exists (
        select 1
        from peaks
        inner join peaks as newest_peaks using (term, period_start)
        where peaks.pull = draws.pull and newest_peaks.pull = newest.pull
    )
