"""The metrics are what the published file tells, in a form that a monitor reads, however it is served."""

from collections.abc import Callable, Iterable

import duckdb
import pytest
from prometheus_client import parser as text_format
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import parser as openmetrics

from reports.build.openmetrics import write_metrics


@pytest.mark.parametrize("format", [text_format, openmetrics])
def test_a_monitor_reads_how_fresh_each_source_is(tmp_path, format):
    """As `text/plain` of a static host and as OpenMetrics: one state is on, what is unknown is absent."""
    read: Callable[[str], Iterable[Metric]] = format.text_string_to_metric_families
    published = tmp_path / "barometer.duckdb"
    with duckdb.connect(published) as connection:
        connection.execute("create table build_info as select timestamptz '2025-08-06 06:00+00' as built_at")
        connection.execute(
            "create table source_status as select * from (values "
            "('pypi', 'late', 9, timestamptz '2025-08-06 05:00:00+00'), ('github', 'never', null, null)"
            ") as told (source_id, state, lag_days, last_success_at)"
        )
        connection.execute(
            "create table source_attempts as select * from (values "
            "('z', 'pypi', null, timestamptz '2025-08-04 06:00+00', 99, 0, 9900), "
            "('a', 'pypi', 'pypistats', timestamptz '2025-08-05 06:00+00', 9, 0, 900), "
            "('b', 'pypi', 'pypistats', timestamptz '2025-08-06 06:00+00', 4, 1, 70), "
            "('d', 'pypi', 'clickhouse', timestamptz '2025-08-05 07:00+00', 2, 0, 50), "
            "('c', 'github', null, timestamptz '2025-08-06 06:00+00', 0, 2, null)"
            ") as told (archive_file, source_id, service, finished_at, answers, refused, bytes)"
        )
    file = write_metrics(published, tmp_path)

    families = list(read(file.read_text()))
    assert {family.type for family in families} == {"gauge"}
    told = {
        (s.name, *sorted(filter(None, s.labels.values()))): s.value
        for family in families
        for s in family.samples
    }
    assert told["barometer_built_seconds",] == 1754460000
    assert told["barometer_source_state", "late", "pypi"] == 1
    assert told["barometer_source_state", "fresh", "pypi"] == 0
    assert told["barometer_source_lag_days", "pypi"] == 9
    assert told["barometer_source_last_success_seconds", "pypi"] == 1754456400
    assert ("barometer_source_lag_days", "github") not in told
    attempts = {name: value for name, value in told.items() if name[0].startswith("barometer_attempt")}
    assert attempts == {
        ("barometer_attempt_answers", "github"): 0,
        ("barometer_attempt_answers", "pypi", "pypistats"): 4,
        ("barometer_attempt_answers", "clickhouse", "pypi"): 2,
        ("barometer_attempt_refused", "github"): 2,
        ("barometer_attempt_refused", "pypi", "pypistats"): 1,
        ("barometer_attempt_refused", "clickhouse", "pypi"): 0,
        ("barometer_attempt_bytes", "pypi", "pypistats"): 70,
        ("barometer_attempt_bytes", "clickhouse", "pypi"): 50,
    }


@pytest.mark.parametrize("columns", [None, "archive_file varchar, source_id varchar"])
def test_a_file_of_before_the_services_were_published_is_read(tmp_path, columns: str | None):
    """An update comes before the next build; until then there is nothing to tell of them."""
    published = tmp_path / "barometer.duckdb"
    with duckdb.connect(published) as connection:
        connection.execute("create table build_info as select timestamptz '2025-08-06 06:00+00' as built_at")
        connection.execute("create table source_status (source_id varchar)")
        if columns:
            connection.execute(f"create table source_attempts ({columns})")

    assert "barometer_attempt" not in write_metrics(published, tmp_path).read_text()
