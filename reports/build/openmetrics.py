"""How fresh the figures are, for a monitor that scrapes the site.

One text that is valid both in Prometheus' own format, which a static host's `text/plain` stands for, and as
OpenMetrics: nothing but gauges, since the first has no set of states, and the end marked as the second wants
it, which is a comment in the first.
"""

from collections.abc import Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.exposition import generate_latest

from warehouse.published.open import Published, open_published

# Of a source that has several services each one's; what was told of the source as a whole is older.
NEWEST_ATTEMPTS = """
select source_id, coalesce(service, '') as service, answers, refused, bytes from source_attempts
qualify
    row_number() over (partition by source_id, service order by finished_at desc, archive_file desc) = 1
    and (service is not null or not bool_or(service is not null) over (partition by source_id))
order by source_id, service
"""
# A published file of before December 2026 tells of no services.
TELLS_SERVICES = (
    "select column_name from duckdb_columns() "
    "where table_name = 'source_attempts' and column_name = 'service'"
)

STATES = ["fresh", "late", "stale", "failed", "never"]
SERIES_STATES = ["fresh", "late", "stale", "never"]


class States:
    """A gauge that is 1 in the state that something is in and 0 in all others; a label has the state.

    The label is called as the gauge is, as that of a set of states in OpenMetrics.
    """

    def __init__(
        self, name: str, what: str, of: Sequence[str], states: Sequence[str], registry: CollectorRegistry
    ) -> None:
        """Register the gauge; its help is `what` in words that fit the value."""
        help = f"{what} are in the state: 1, or are not: 0, when built."
        self._states = states
        self._gauge = Gauge(name, help, [*of, name], registry=registry)

    def set(self, labels: Sequence[str], state: str) -> None:
        """Say in which state the one with these labels is."""
        for other in self._states:
            self._gauge.labels(*labels, other).set(other == state)


def write_metrics(published_file: Path, site: Path) -> Path:
    """Write `metrics.txt` into the site's folder and return it."""
    with open_published(published_file) as published:
        text = generate_latest(_registry(published))
    file = site / "metrics.txt"
    file.write_bytes(text)
    return file


def _registry(published: Published) -> CollectorRegistry:
    registry, of = CollectorRegistry(), ["source"]
    state = States("barometer_source_state", "Whether its figures", of, STATES, registry)
    lag = Gauge("barometer_source_lag_days", "Age of its newest period, when built.", of, registry=registry)
    late = Gauge("barometer_source_late_from_seconds", "When it turns late.", of, registry=registry)
    stale = Gauge("barometer_source_stale_from_seconds", "When it turns stale.", of, registry=registry)
    success = Gauge("barometer_source_last_success_seconds", "When it last answered.", of, registry=registry)
    built = Gauge("barometer_built_seconds", "When the published file was built.", registry=registry)
    (build,) = published.rows("select built_at from build_info")
    built.set(build["built_at"].timestamp())
    for row in published.rows("from source_status order by source_id"):
        state.set([row["source_id"]], row["state"])
        if row["lag_days"] is not None:
            lag.labels(row["source_id"]).set(row["lag_days"])
        for gauge, moment in ((success, "last_success_at"), (late, "late_from"), (stale, "stale_from")):
            if row.get(moment):
                gauge.labels(row["source_id"]).set(row[moment].timestamp())
    tables = published.tables()
    if "series_status" in tables:
        _register_series(published, registry)
    if published.rows(TELLS_SERVICES):
        _register_attempts(published, registry)
    return registry


def _register_series(published: Published, registry: CollectorRegistry) -> None:
    of = ["metric", "subject"]
    what = "Whether one subject's figures in a metric"
    state = States("barometer_series_state", what, of, SERIES_STATES, registry)
    lag = Gauge("barometer_series_lag_days", "Age of their newest period, when built.", of, registry=registry)
    stale = Gauge("barometer_series_stale_from_seconds", "When they turn stale.", of, registry=registry)
    for row in published.rows("from series_status order by metric_id, subject_id"):
        labels = (row["metric_id"], row["subject_id"])
        state.set(labels, row["state"])
        if row["lag_days"] is not None:
            lag.labels(*labels).set(row["lag_days"])
        if row.get("stale_from"):
            stale.labels(*labels).set(row["stale_from"].timestamp())


def _register_attempts(published: Published, registry: CollectorRegistry) -> None:
    told = {"answers": "Questions answered", "refused": "Questions refused", "bytes": "Bytes of the answers"}
    of = ["source", "service"]
    gauges = {
        name: Gauge(f"barometer_attempt_{name}", f"{what}, newest attempt.", of, registry=registry)
        for name, what in told.items()
    }
    for row in published.rows(NEWEST_ATTEMPTS):
        for name, gauge in gauges.items():
            if row[name] is not None:
                gauge.labels(row["source_id"], row["service"]).set(row[name])
