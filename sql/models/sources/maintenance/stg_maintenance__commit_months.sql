-- One row per repository, UTC month and stretch of time in which the same was told of it. Unit: commits that merge no
-- others; authors are the hashes of the people among those who wrote them, each once, made with the salt named beside.
-- A line of an answer is a commit: its number, its time, its author's hash, and whether that is a human or a bot.
{{ staged(['repository', 'month', 'first_read_at']) }}

with pages as (
    select * from {{ new_pages('maintenance', 'commit_months') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        from_json(body, '{"salt": "varchar", "sample": "varchar", "commits": ["varchar"]}') as told
    from pages
),

kinds as (
    select
        *,
        list_filter(told.commits, lambda line: suffix(line, ' human')) as of_people,
        list_filter(told.commits, lambda line: suffix(line, ' bot')) as of_bots
    from answers
),

parsed as (
    select
        split_part(key, ' ', 1) as repository,
        (split_part(key, ' ', -1) || '-01')::date as month,
        len(told.commits)::bigint as commits,
        len(of_bots)::bigint as bot_commits,
        list_sort(list_distinct(list_transform(of_people, lambda line: split_part(line, ' ', 3)))) as authors,
        told.salt,
        told.sample is not null as is_sample,
        fetched_at >= month + interval 1 month as is_over,
        fetched_at,
        page_id
    from kinds
)

select
    repository,
    month,
    commits,
    bot_commits,
    authors,
    len(authors)::bigint as author_count,
    salt,
    is_over,
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages(
    'parsed', ['repository', 'month'], ['commits', 'bot_commits', 'authors', 'salt', 'is_over', 'is_sample']
) }}
