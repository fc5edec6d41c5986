-- The shares of the compared subjects in a month are parts of one whole.
{% set shares = {
    'downloads_share': 'adoption_monthly',
    'search_share': 'adoption_monthly',
    'pageviews_share': 'adoption_monthly',
    'questions_share_of_rivals': 'community_monthly',
} %}
{% for share, model in shares.items() %}
    select
        '{{ share }}' as share,
        month,
        sum({{ share }}) as total
    from {{ ref(model) }}
    where {{ share }} is not null
    group by all
    having abs(sum({{ share }}) - 1) > 1e-9
    {% if not loop.last %}union all{% endif %}
{% endfor %}
