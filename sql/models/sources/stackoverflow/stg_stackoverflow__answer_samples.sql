-- One row per tag and UTC month: of its first questions that still exist, up to a hundred, how long each waited for its
-- first answer, shortest first, and how many accepted one. Unit: seconds; null, and last, where nobody has answered.
-- Read once, two weeks after the month or later: what came later than that is no part of it.
{{ staged(['tag', 'month']) }}

{% set waited = 14 * 86400 %}
with pages as (
    select * from {{ new_pages('stackoverflow', 'answer_samples') }}
),

answers as (
    select
        page_id,
        key,
        fetched_at,
        body ->> '$.sample' as sample,
        from_json(
            body -> '$.items',
            '[{"creation_date": "bigint", "answers": [{"creation_date": "bigint", "is_accepted": "boolean"}]}]'
        ) as items
    from pages
),

parsed as (
    select
        split_part(key, ' ', 1) as tag,
        (split_part(key, ' ', -1) || '-01')::date as month,
        list_transform(
            items,
            lambda item: list_min(
                list_transform(item.answers, lambda one: greatest(one.creation_date - item.creation_date, 0))
            )
        ) as first_waits,
        list_transform(
            items,
            lambda item: list_bool_or(
                list_transform(
                    item.answers,
                    lambda one: one.is_accepted and one.creation_date - item.creation_date <= {{ waited }}
                )
            )
        ) as accepted_one,
        sample is not null as is_sample,
        fetched_at,
        page_id
    from answers
)

select
    tag,
    month,
    len(first_waits) as questions,
    list_sort(
        list_transform(first_waits, lambda wait: case when wait <= {{ waited }} then wait end), 'ASC', 'NULLS LAST'
    ) as waits,
    len(list_filter(accepted_one, lambda one: one)) as accepted,
    is_sample,
    fetched_at,
    page_id
from parsed
qualify row_number() over (partition by tag, month order by fetched_at desc, page_id desc) = 1
