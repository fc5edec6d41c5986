-- One row per repository and UTC day: its counters as last seen on that day. Unit: count.
{{ staged_counters('github', 'repository', component='repository', columns={
    'repository_id': ('$.id', '{}::bigint'),
    'full_name': ('$.full_name', '{}'),
    'created_on': ('$.created_at', "(try_cast({} as timestamptz) at time zone 'America/Los_Angeles')::date"),
    'stars': ('$.stargazers_count', '{}::bigint'),
    'forks': ('$.forks_count', '{}::bigint'),
    'open_issues': ('$.open_issues_count', '{}::bigint'),
    'subscribers': ('$.subscribers_count', '{}::bigint'),
}) }}
