-- One row per resolution and pull that its published figures rest on: the newest pull, and of those asked for
-- the same in the 28 days up to it the last of each day, as far as they are on its scale. A scale is set by its
-- 100 alone, so two pulls share one, but for sampling, where a finished 100 of one is a 100 of the other.
with pulls as (
    select distinct
        pull,
        origin,
        region,
        terms,
        window_first_day,
        window_last_day,
        resolution,
        is_sample,
        fetched_at
    from {{ ref('int_google_trends__interest') }}
),

newest as (
    select *
    from pulls
    qualify row_number() over (partition by resolution order by fetched_at desc, pull desc) = 1
),

-- Google repeats itself within a day.
asked_alike as (
    select
        newest.pull as newest_pull,
        pulls.pull
    from newest
    inner join pulls using (resolution, origin, region, terms, is_sample)
    where pulls.fetched_at::date > newest.fetched_at::date - 28
    qualify row_number() over (
        partition by newest.pull, pulls.fetched_at::date order by pulls.fetched_at desc, pulls.pull desc
    ) = 1
),

peaks as (
    select
        pull,
        term,
        period_start
    from {{ ref('int_google_trends__interest') }}
    where interest = 100 and not is_partial
)

select
    newest.resolution,
    newest.pull as newest_pull,
    newest.origin,
    newest.region,
    newest.window_first_day,
    newest.window_last_day,
    newest.is_sample,
    newest.fetched_at,
    asked_alike.pull
from asked_alike
inner join newest on asked_alike.newest_pull = newest.pull
where
    asked_alike.pull = newest.pull
    or exists (
        select 1
        from peaks
        inner join peaks as newest_peaks using (term, period_start)
        where peaks.pull = asked_alike.pull and newest_peaks.pull = newest.pull
    )
