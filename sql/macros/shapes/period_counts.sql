{#- A shape of answers: of each component (an article, a package) and period how much was counted in it. One answer
    tells many periods, and a later one may tell them otherwise. The period's column is called what it is: day, week,
    month or year. -#}

{#- The staging model: one row per component, period and stretch of time in which the same was told of it.
    `answer` is the structure of an answer as from_json takes it, `rows` the name of its list. Component, period and
    count are each a column and what it is made of, in terms of `sent`, a row of that list. What a stand-in made up says
    so in the answer's field `sample`. -#}
{% macro staged_period_counts(source_id, endpoint, answer, rows, component, period, count) -%}
    {%- set key = [component[0], period[0]] %}
    {{ staged(key + ['first_read_at']) -}}

with pages as (
    select * from {{ new_pages(source_id, endpoint) }}
),

-- Read whole, and once: what is read beside an unnested list is read again for every one of its rows.
answers as (
    select
        page_id,
        fetched_at,
        from_json(body, '{{ answer }}') as answer
    from pages
),

periods as (
    select
        page_id,
        fetched_at,
        answer.sample,
        unnest(answer.{{ rows }}) as sent
    from answers
),

parsed as (
    select
        {{ component[1] }} as {{ component[0] }},
        {{ period[1] }} as {{ period[0] }},
        {{ count[1] }} as {{ count[0] }},
        sample is not null as is_sample,
        fetched_at,
        page_id
    from periods
)

select
    {{ key | join(', ') }},
    {{ count[0] }},
    is_sample,
    first_read_at,
    fetched_at,
    page_id
from {{ vintages('parsed', key, [count[0], 'is_sample']) }}
-- In order of time, so that a further period is compared with the last ones alone.
order by {{ period[0] }}
{%- endmacro %}

{#- Which components count for each subject: one row per subject, component and stretch of days on which the same ones
    count, both days included; `components` is how many these are. Where one takes the place of another, the former
    counts before it. -#}
{% macro counted_components(source_id, component) -%}
with identifiers as (
    select
        subject_id,
        identifier,
        coalesce(valid_from, '-infinity'::date) as valid_from,
        coalesce(valid_until, 'infinity'::date) as valid_until
    from {{ source('raw', 'identifiers') }}
    where source_id = '{{ source_id }}' and within is null
),

changes as (
    select
        subject_id,
        valid_from as first_day
    from identifiers
    union
    select
        subject_id,
        valid_until + 1 as first_day
    from identifiers
    where isfinite(valid_until)
),

stretches as (
    select
        subject_id,
        first_day,
        coalesce(lead(first_day) over (partition by subject_id order by first_day) - 1, 'infinity'::date) as last_day
    from changes
)

select
    stretches.subject_id,
    identifiers.identifier as {{ component }},
    stretches.first_day,
    stretches.last_day,
    count(*) over (partition by stretches.subject_id, stretches.first_day) as components
from stretches
inner join identifiers
    on
        stretches.subject_id = identifiers.subject_id
        and stretches.first_day >= identifiers.valid_from
        and stretches.last_day <= identifiers.valid_until
{%- endmacro %}

{#- The observations: one row per subject and period of which the count of each component that counts is known, the sum
    of these. `counted` are those components. A period is taken for whole: one that is running is not to be asked for. -#}
{% macro observed_period_counts(told, counted, component, period, count, metric_id, basis) -%}
select
    counted.subject_id,
    '{{ metric_id }}' as metric_id,
    told.{{ period }} as period_start,
    {{ last_day_of('told.' ~ period, period) }} as period_end,
    sum(told.{{ count }})::double as value,
    null::double as low,
    null::double as high,
    case when bool_or(told.is_sample) then 'sample' else 'ok' end as state,
    '{{ basis }}' as basis,
    max(told.fetched_at) as observed_at
from {{ latest(told, [component, period]) }} as told
inner join {{ counted }} as counted
    on
        told.{{ component }} = counted.{{ component }}
        and told.{{ period }} between counted.first_day and counted.last_day
group by counted.subject_id, told.{{ period }}
having count(*) = any_value(counted.components)
{%- endmacro %}

{#- The vintages: one row per subject, period and component that was told in more than one way, as often as it was told
    another, once the period was over. -#}
{% macro vintages_of_period_counts(told, counted, component, period, count, metric_id, basis) -%}
    {%- set is_over = 'first_read_at::date > ' ~ last_day_of(period, period) %}
with told_twice as (
    select
        {{ component }},
        {{ period }},
        {{ count }},
        first_read_at,
        min(first_read_at) over (partition by {{ component }}, {{ period }}) as known_at
    from {{ told }}
    where {{ is_over }}
    -- Nearly all is told once, and of that there is nothing to compare.
    qualify count(*) over (partition by {{ component }}, {{ period }}) > 1
),

-- Of several components the sum is known when the last of them is.
sums as (
    select
        several.subject_id,
        firsts.{{ period }},
        max(firsts.known_at) as known_at
    from (
        select
            {{ component }},
            {{ period }},
            min(first_read_at) as known_at
        from {{ told }}
        where
            {{ is_over }}
            and {{ component }} in (
                select counted.{{ component }} from {{ counted }} as counted
                where counted.components > 1
            )
        group by all
    ) as firsts
    inner join {{ counted }} as several
        on
            several.components > 1
            and firsts.{{ component }} = several.{{ component }}
            and firsts.{{ period }} between several.first_day and several.last_day
    group by all
)

select
    counted.subject_id,
    '{{ metric_id }}' as metric_id,
    told_twice.{{ period }} as period_start,
    '{{ basis }}' as basis,
    told_twice.{{ component }} as component,
    told_twice.{{ count }}::double as value,
    told_twice.first_read_at,
    coalesce(sums.known_at, told_twice.known_at) as whole_at
from told_twice
inner join {{ counted }} as counted
    on
        told_twice.{{ component }} = counted.{{ component }}
        and told_twice.{{ period }} between counted.first_day and counted.last_day
left join sums on counted.subject_id = sums.subject_id and told_twice.{{ period }} = sums.{{ period }}
{%- endmacro %}

{#- The last day of a day, week, month or year that begins on a day. -#}
{% macro last_day_of(first_day, grain) -%}
    {{ {
        'day': first_day,
        'week': first_day ~ ' + 6',
        'month': 'last_day(' ~ first_day ~ ')',
        'year': 'last_day((' ~ first_day ~ ' + interval 11 month)::date)',
    }[grain] }}
{%- endmacro %}
