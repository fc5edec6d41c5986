"""One row per measure, metric, pair and month: who stood in front by what was known at its end, and today."""


def model(dbt, session):
    """Hand the figures to `warehouse.statistics.standings`, where the method is told; dbt runs this."""
    import asyncio

    import numpy as np

    from warehouse.build.columns import relation_of
    from warehouse.statistics.standings import find_standings

    dbt.config(materialized="table")
    # dbt-duckdb 1.11 opens an event loop in its worker thread for every Python model and leaves it open.
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)
    ((today,),) = dbt.source("raw", "build").project("built_at::date").fetchall()
    rivals = dbt.ref("int_claim_rivals").order("measure, metric_id, first_id, second_id, period_end")
    return relation_of(find_standings(rivals.fetchnumpy(), np.datetime64(today, "D")), session)
