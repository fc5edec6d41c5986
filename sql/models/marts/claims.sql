-- One row per claim: what the figures say of it today, since when, and how sure that is.
with verdicts as (
    select * from {{ ref('int_claim_verdicts') }}
),

today as (
    select
        verdicts.*,
        build.built_at
    from verdicts
    inner join {{ source('raw', 'build') }} as build on verdicts.as_of = build.built_at::date
),

-- The stretch of months that ends today in which the verdict was the same.
spells as (
    select
        today.claim_id,
        coalesce(
            max(verdicts.as_of) filter (where verdicts.verdict <> today.verdict),
            date '0001-01-01'
        ) as other_until,
        max(verdicts.as_of) filter (where verdicts.verdict = 'supported') as supported_until,
        count(*) filter (where verdicts.verdict = 'supported' and verdicts.as_of < today.as_of) as months_supported
    from today
    inner join verdicts using (claim_id)
    group by all
),

since as (
    select
        today.claim_id,
        min(verdicts.as_of) as since
    from today
    inner join spells using (claim_id)
    inner join verdicts on today.claim_id = verdicts.claim_id and spells.other_until < verdicts.as_of
    where today.weight_known > 0
    group by all
),

told as (
    select
        evidence.claim_id,
        evidence.supports,
        evidence.weight,
        evidence.state,
        evidence.subject_id = claims.about_id as is_about,
        case evidence.measure when 'grows' then 'growth of ' else '' end || lower(metrics.name)
        || case
            when evidence.supports in ('supports', 'contradicts')
                then ' (' || printf('%.3g', greatest(evidence.ratio, 1 / evidence.ratio)) || ' times)'
            else ''
        end as words
    from {{ ref('claim_evidence') }} as evidence
    inner join {{ source('raw', 'claims') }} as claims using (claim_id)
    inner join {{ ref('metrics') }} as metrics using (metric_id)
),

sentences as (
    select
        claim_id,
        bool_or(state = 'sample') filter (where supports <> 'not known') as is_sample,
        bool_or(state = 'stale') filter (where supports <> 'not known') as is_stale,
        concat_ws(
            '; ',
            'for it: '
            || string_agg(words, ', ' order by weight desc, words asc)
            filter (where is_about and supports = 'supports'),
            'against it: '
            || string_agg(words, ', ' order by weight desc, words asc)
            filter (where is_about and supports = 'contradicts'),
            'too close to call: '
            || string_agg(words, ', ' order by words) filter (where is_about and supports = 'too close to call'),
            'not known: '
            || string_agg(words, ', ' order by words) filter (where is_about and supports = 'not known')
        ) as evidence
    from told
    group by all
),

judged as (
    select
        claims.*,
        today.weight_for,
        today.weight_against,
        today.weight_known,
        today.weight_asked,
        today.sources_for,
        today.sources_against,
        since.since,
        spells.supported_until,
        coalesce(sentences.is_sample, false) as is_sample,
        coalesce(sentences.is_stale, false) as is_stale,
        coalesce(sentences.evidence, claims.not_measurable) as evidence,
        coalesce(today.verdict, 'not measurable here') as verdict_today,
        -- What was supported for half a year was true once; for less it may have been noise.
        verdict_today = 'contradicted' and spells.months_supported >= 6 as was_true
    from {{ source('raw', 'claims') }} as claims
    left join today using (claim_id)
    left join spells using (claim_id)
    left join since using (claim_id)
    left join sentences using (claim_id)
)

select
    claim_id,
    sentence,
    question,
    case when was_true then 'was true until' else verdict_today end as verdict,
    since,
    case when was_true then supported_until end as true_until,
    case
        when verdict_today = 'not measurable here' then null
        when is_sample or greatest(sources_for, sources_against) < 2 or weight_known < weight_asked / 2 then 'low'
        when
            greatest(sources_for, sources_against) >= 3 and weight_known >= 3 / 4 * weight_asked
            and least(weight_for, weight_against) = 0 and not is_stale
            then 'high'
        else 'medium'
    end as confidence,
    evidence,
    weight_for / nullif(weight_known, 0) as share_for,
    weight_against / nullif(weight_known, 0) as share_against,
    weight_known / weight_asked as share_known,
    case when is_sample then 'sample' else 'ok' end as state,
    quote,
    about_id as subject_id,
    would_change,
    cannot_tell,
    made_in,
    made_on,
    url,
    position
from judged
