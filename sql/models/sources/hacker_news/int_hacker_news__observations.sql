-- One row per subject, metric and UTC month; the running one with what it has so far. Unit: mentions, and of 10,000
-- items those that mention it; hiring posts, and of 1,000 those that name it.
{{ observed_counts_by_query(
    ref('stg_hacker_news__mention_months'), 'hacker_news', component='word', count='mentions',
    metric_id='hacker_news_mentions', basis='stories and comments that are shown',
) }}
union all
{{ observed_counts_by_query(
    ref('stg_hacker_news__mention_months'), 'hacker_news', component='word', count='mentions_per_10000',
    metric_id='hacker_news_mentions_per_10000', basis='stories and comments that are shown',
) }}
union all
{{ observed_counts_by_query(
    ref('stg_hacker_news__hiring_months'), 'hacker_news', component='word', count='hiring_posts',
    metric_id='hacker_news_hiring_posts', basis='hiring posts that are shown',
) }}
union all
{{ observed_counts_by_query(
    ref('stg_hacker_news__hiring_months'), 'hacker_news', component='word', count='hiring_posts_per_1000',
    metric_id='hacker_news_hiring_posts_per_1000', basis='hiring posts that are shown',
) }}
