-- The weeks of a history that reaches back to its repository's first add up to the stars that are told of it; those
-- of any other are no more.
-- An error: both count who stars it now, so either a part of the history is missing or it is another's.
with told as (
    select
        repositories.subject_id,
        arg_max(counters.stars, counters.fetched_at) as stars,
        arg_max(counters.created_on, counters.fetched_at) as created_on
    from {{ ref('stg_github__repository') }} as counters
    inner join {{ ref('int_github__repositories') }} as repositories using (repository_id)
    group by all
),

histories as (
    select
        subject_id,
        min(week) as first_week,
        sum(stars_gained) as stars_gained
    from {{ ref('int_github__star_weeks') }}
    group by all
),

measured as (
    select
        told.subject_id as name,
        -- None of none is in agreement; of none there is no share.
        case
            when told.stars = 0 and histories.stars_gained = 0 then 1.0
            else histories.stars_gained / nullif(told.stars, 0)
        end as quantity
    from told
    inner join histories using (subject_id)
    where histories.first_week <= told.created_on or histories.stars_gained > told.stars
)

{{ outside_expectation('measured', 'github', 'star_history_share') }}
