"""One row per kind, metric left out (or none), subject and rank: under how many weightings it has it."""


def model(dbt, session):
    """Hand the shares to `warehouse.statistics.weightings`, where the method is told; dbt runs this."""
    import asyncio

    from warehouse.build.columns import relation_of
    from warehouse.statistics.weightings import find_weightings

    dbt.config(materialized="table")
    # dbt-duckdb 1.11 opens an event loop in its worker thread for every Python model and leaves it open.
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)
    figures = dbt.ref("int_weighted_figures").filter("share is not null").order("kind, metric_id, position")
    return relation_of(find_weightings(figures.fetchnumpy()), session)
