-- One row per subject, article and stretch of days on which the same articles count, both days included; `components`
-- is how many these are. Where an article was moved, its former title counts before the new one.
{{ counted_components('wikipedia', 'article') }}
