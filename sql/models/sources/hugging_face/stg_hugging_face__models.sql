-- One row per library (`*` for all models) and UTC day: how many public models carried its tag as last seen then.
{{ staged_counters('hugging_face', 'models', component='library', columns={
    'models': ('$.numTotalItems', '{}::bigint'),
    'is_sample': ('$.sample', '{} is not null'),
}) }}
