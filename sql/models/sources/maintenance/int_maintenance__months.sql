-- One row per repository and UTC month, as it was last told. Unit: commits, authors, and a share of the commits.
-- Who is new can be told only where all months of a repository were told with one salt: with another, all are others.
with months as (
    select * from {{ latest(ref('stg_maintenance__commit_months'), ['repository', 'month']) }}
),

of_one_salt as (
    select repository from months
    group by repository
    having count(distinct salt) = 1
),

each as (
    select
        repository,
        month,
        unnest(authors) as author
    from months
),

first_commits as (
    select
        each.repository,
        each.author,
        min(each.month) as month
    from each
    inner join of_one_salt using (repository)
    group by each.repository, each.author
),

first_months as (
    select
        repository,
        month,
        count(*) as newcomers
    from first_commits
    group by repository, month
),

counted as (
    select
        months.*,
        case when of_one_salt.repository is not null then coalesce(first_months.newcomers, 0) end as newcomers
    from months
    left join of_one_salt using (repository)
    left join first_months using (repository, month)
)

select
    repository,
    month,
    commits,
    author_count,
    newcomers,
    author_count - newcomers as returning_authors,
    bot_commits / nullif(commits, 0) as bot_share,
    is_over,
    is_sample,
    fetched_at,
    page_id
from counted
