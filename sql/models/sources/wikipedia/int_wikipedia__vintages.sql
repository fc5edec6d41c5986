-- One row per subject, UTC day and article that Wikimedia told in more than one way, as often as it told another.
-- Unit: views.
with told_twice as (
    select
        article,
        day,
        views,
        first_read_at,
        min(first_read_at) over (partition by article, day) as known_at
    from {{ ref('stg_wikipedia__pageview_days') }}
    where first_read_at::date > day
    -- Nearly all is told once, and of that there is nothing to compare.
    qualify count(*) over (partition by article, day) > 1
),

-- Of several articles the sum is known when the last of them is.
sums as (
    select
        several.subject_id,
        firsts.day,
        max(firsts.known_at) as known_at
    from (
        select
            article,
            day,
            min(first_read_at) as known_at
        from {{ ref('stg_wikipedia__pageview_days') }}
        where
            first_read_at::date > day
            and article in (
                select articles.article from {{ ref('int_wikipedia__articles') }} as articles
                where articles.articles > 1
            )
        group by all
    ) as firsts
    inner join {{ ref('int_wikipedia__articles') }} as several
        on
            several.articles > 1
            and firsts.article = several.article
            and firsts.day between several.first_day and several.last_day
    group by all
)

select
    articles.subject_id,
    'wikipedia_pageviews' as metric_id,
    told_twice.day as period_start,
    'English Wikipedia, readers on all devices' as basis,
    told_twice.article as component,
    told_twice.views::double as value,
    told_twice.first_read_at,
    coalesce(sums.known_at, told_twice.known_at) as whole_at
from told_twice
inner join {{ ref('int_wikipedia__articles') }} as articles
    on told_twice.article = articles.article and told_twice.day between articles.first_day and articles.last_day
left join sums on articles.subject_id = sums.subject_id and told_twice.day = sums.day
