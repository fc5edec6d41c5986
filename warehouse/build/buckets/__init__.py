"""The part of a build that is keyed by one name, in buckets: each a dbt build of its own, on any machine.

Which models are keyed stands with them: `keyed_by` in a model's `meta` names the column that tells the name.
They are made of what is keyed and of the configuration alone, so all that they tell of a name follows from
the answers about it. A bucket is some of the names. It is a work database as it stands after a load, with the
answers about these names; wherever it is built, by the same project and from nothing, its checks are asked
there, and its rows come back as Parquet. On the machine that publishes dbt makes the keyed tables of these,
asks what a bucket found fault with once more of the whole, and builds and checks all the rest as ever.

`parts` parts the names, `keyed` reads off the project what a bucket builds, `place` holds what goes to and
fro, `bucket` is the work of one, `spread` sends them out and puts together what comes back.
"""
