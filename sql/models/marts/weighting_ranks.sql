-- One row per kind, compared subject and rank: under which share of the weightings it has that rank.
select
    kind,
    subject_id,
    rank::integer as rank,
    share
from {{ ref('int_weightings') }}
where without_id = ''
