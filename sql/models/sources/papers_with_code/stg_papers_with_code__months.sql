-- One row per framework (`*` for any and none) and month since the framework's first paper, up to the last month that
-- was over when the source ended. Unit: papers with a number of arXiv and linked code, each once.
-- The month is that of the number, which is of before 2007 in another form and not read. A month without any is zero:
-- the file is whole.
{{ staged(['framework', 'month']) }}

with pages as (
    select * from {{ new_pages('papers_with_code', 'links') }}
),

answers as (
    select
        page_id,
        fetched_at,
        body ->> '$.sample' is not null as is_sample,
        from_json(body -> '$.links', '[{"framework": "varchar", "papers": ["varchar"]}]') as links
    from pages
),

frameworks as (
    select
        page_id,
        fetched_at,
        is_sample,
        unnest(links) as link
    from answers
),

papers as (
    select
        page_id,
        fetched_at,
        is_sample,
        link.framework,
        unnest(link.papers) as paper
    from frameworks
),

numbered as (
    select
        page_id,
        fetched_at,
        is_sample,
        framework,
        regexp_replace(paper, 'v[0-9]+$', '') as number,
        make_date(2000 + substr(paper, 1, 2)::integer, substr(paper, 3, 2)::integer, 1) as month
    from papers
    where regexp_full_match(paper, '[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}(v[0-9]+)?')
),

counted as (
    select
        page_id,
        coalesce(framework, '*') as framework,
        month,
        count(distinct number) as papers
    from numbered
    group by grouping sets ((page_id, framework, month), (page_id, month))
),

read as (
    select
        page_id,
        fetched_at,
        is_sample,
        min(month) as first_month
    from numbered
    group by all
),

begun as (
    select
        counted.page_id,
        counted.framework,
        greatest(min(counted.month), any_value(bounds.first_day)) as first_month
    from counted
    cross join {{ ref('source_bounds') }} as bounds
    where bounds.source_id = 'papers_with_code'
    group by counted.page_id, counted.framework
),

months as (
    select
        begun.page_id,
        begun.framework,
        unnest(
            generate_series(
                begun.first_month,
                (date_trunc('month', sources.ended_on) - interval 1 month)::date,
                interval 1 month
            )
        )::date as month
    from begun
    cross join {{ source('raw', 'sources') }} as sources
    where sources.source_id = 'papers_with_code'
)

select
    months.framework,
    months.month,
    coalesce(counted.papers, 0) as papers,
    read.is_sample,
    read.fetched_at,
    read.page_id
from months
inner join read using (page_id)
left join counted using (page_id, framework, month)
qualify
    row_number() over (
        partition by months.framework, months.month order by read.fetched_at desc, read.page_id desc
    ) = 1
