-- The download logs and pypistats count alike what both tell, in each month of the last half year and on each day, by
-- pypistats' rule: without its four mirrors and the clients that did not say who they are, and with them. How far apart
-- two counts of one log can lie stands in sql/seeds/sources/pypi/download_doubts.csv.
-- A warning: which of the two is wrong is not known. The days and months in question are suspect, with this reason;
-- here each month is told once.
{{ config(severity='warn') }}

select
    package || ' ' || case grain
        when 'month' then strftime(first_day, '%Y-%m') || ' on ' || days || ' days'
        else first_day::varchar
    end
    || ': ' || {{ doubt_in_words("('counted apart ' || counted)", 'logged', 'told') }} as finding
from {{ ref('int_pypi__counts_apart') }}
where last_day(first_day) >= (select build.built_at::date - 180 from {{ source('raw', 'build') }} as build)
qualify
    row_number() over (
        partition by package, date_trunc('month', first_day) order by grain desc, counted desc, first_day asc
    ) = 1
