"""One row per metric and pair of subjects that can be compared: who leads, and since when."""


def model(dbt, session):
    """Hand the figures to `warehouse.statistics.crossovers`, where the method is told; dbt runs this."""
    import asyncio

    from warehouse.build.columns import relation_of
    from warehouse.statistics.crossovers import find_crossovers

    dbt.config(materialized="table")
    # dbt-duckdb 1.11 opens an event loop in its worker thread for every Python model and leaves it open.
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)
    # Years are too few, and too long, to say since when.
    shorter = dbt.ref("int_rivals").filter("periods_a_quarter > 1")
    rivals = shorter.order("metric_id, first_id, second_id, period_end")
    return relation_of(find_crossovers(rivals.fetchnumpy()), session)
