"""The macros of the published file, in whole rows and as other clients have them."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.errors import ConfigurationError
from warehouse.published import open_published

MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
LOGS = "download logs by installer"
FEBRUARY = (date(2025, 2, 1), date(2025, 2, 28))


@pytest.fixture
def rows(published_file: Path):
    """Answer SQL from the published file, as `barometer sql` does."""

    def answer(sql: str) -> list[tuple[object, ...]]:
        with open_published(published_file) as published:
            return published.query(sql)[1]

    return answer


def test_latest_is_the_last_period_that_is_over(rows):
    """One row a subject, the highest first, with all that an observation says."""
    assert rows("from latest('pypi_downloads')") == [
        ("one", "pypi_downloads", *FEBRUARY, 2600.0, 2600.0, None, "ok", LOGS, MORNING),
        ("two", "pypi_downloads", *FEBRUARY, 1000.0, 1000.0, None, "ok", LOGS, MORNING),
    ]
    assert rows("select subject_id, value, state from latest('wikipedia_pageviews')") == [
        ("one", 100.0, "ok"),
        ("two", 100.0, "sample"),
    ]


def test_latest_leaves_out_what_lies_in_a_fault(rows):
    """In February 2021 `one` was counted in a known fault, and there the figure stays."""
    assert rows("select value, state from observations where period_start = '2021-02-01'") == [
        (40.0, "suspect")
    ]
    assert rows("select min(period_start) from latest('pypi_downloads')") == [(date(2025, 2, 1),)]


def test_a_share_is_unknown_where_a_rival_is(rows):
    """June 2024 is not known of `two`, so nobody's share is."""
    assert rows(
        "select subject_id, period_start, value, share, state from share_of('pypi_downloads') "
        "where period_start between '2024-05-01' and '2024-07-01'"
    ) == [
        ("one", date(2024, 5, 1), 1700.0, pytest.approx(17 / 27), "ok"),
        ("two", date(2024, 5, 1), 1000.0, pytest.approx(10 / 27), "ok"),
        ("one", date(2024, 6, 1), 1800.0, None, "ok"),
        ("one", date(2024, 7, 1), 1900.0, pytest.approx(19 / 29), "ok"),
        ("two", date(2024, 7, 1), 1000.0, pytest.approx(10 / 29), "ok"),
    ]


def test_growth_over_a_year_is_a_number_or_a_reason(rows):
    """Beside the same month; where there is none, the reason says so."""
    columns = "subject_id, period_start, value, value_year_before, yoy, reason, state"
    assert rows(
        f"select {columns} from yoy('pypi_downloads') "
        "where period_start in ('2021-02-01', '2023-02-01', '2024-02-01')"
    ) == [
        ("one", date(2021, 2, 1), 40.0, None, None, "no figure a year before", "suspect"),
        ("one", date(2023, 2, 1), 200.0, None, None, "no figure a year before", "ok"),
        ("two", date(2023, 2, 1), 1000.0, None, None, "no figure a year before", "ok"),
        ("one", date(2024, 2, 1), 1400.0, 200.0, 6.0, None, "ok"),
        ("two", date(2024, 2, 1), 1000.0, 1000.0, 0.0, None, "ok"),
    ]


def changed(file: Path, *statements: str) -> duckdb.DuckDBPyConnection:
    """A copy of the published file in memory, changed."""
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as published (read_only)")
    connection.execute("copy from database published to memory")
    for statement in statements:
        connection.execute(statement)
    return connection


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            "insert into events (subject_id, metric_id, occurred_on, kind, title, url) "
            "values (null, 'pypi_downloads', '2023-06-15', 'series break', 'Counted anew', 'https://x.example')",
            "Counted anew",
        ),
        (
            "insert into events (subject_id, metric_id, occurred_on, ended_on, kind, title, url) values "
            "('one', 'pypi_downloads', '2023-01-20', '2023-02-03', 'measuring fault', 'Lost', 'https://x.example')",
            "Lost",
        ),
        (
            "update observations set basis = 'other' where period_start = '2024-02-01'",
            "counted in another way",
        ),
        ("update observations set value = 0 where period_start = '2023-02-01'", "zero a year before"),
        (
            "insert into events (subject_id, metric_id, occurred_on, kind, title, url) "
            "values ('two', 'pypi_downloads', '2023-06-15', 'series break', 'Of two', 'https://x.example')",
            None,
        ),
        (
            "insert into events (subject_id, metric_id, occurred_on, kind, title, url) "
            "values (null, 'pypi_downloads', '2024-03-01', 'series break', 'Later', 'https://x.example')",
            None,
        ),
        ("update subjects set name = 'x'", None),
    ],
)
def test_growth_is_unknown_across_a_break(change: str, reason: str | None, published_file: Path):
    """A break or a fault of this metric and subject between the two, or another way of counting."""
    with changed(published_file, change) as connection:
        (row,) = connection.execute(
            "select yoy, reason from yoy('pypi_downloads') "
            "where subject_id = 'one' and period_start = '2024-02-01'"
        ).fetchall()

    assert row == ((6.0, None) if reason is None else (None, reason))


def test_weeks_are_compared_with_those_of_52_weeks_before(published_file: Path):
    """So that both have the same weekdays."""
    with changed(
        published_file,
        "insert into observations (subject_id, metric_id, period_start, period_end, value, state, basis) "
        "values ('one', 'github_stars_gained', '2024-03-03', '2024-03-09', 7, 'ok', 'star history')",
    ) as connection:
        rows = connection.execute(
            "select period_start, value, value_year_before, yoy from yoy('github_stars_gained') "
            "where yoy is not null"
        ).fetchall()

    assert rows == [(date(2025, 3, 2), 14.0, 7.0, 1.0)]


def test_the_macros_agree_with_the_marts(rows):
    """Shares and growth of downloads are the same as in `adoption_monthly`, and there are some."""
    differing = """
        select count(*), count(share), count(yoy) from adoption_monthly
        inner join share_of('pypi_downloads') as shares
            on adoption_monthly.subject_id = shares.subject_id and month = shares.period_start
        inner join yoy('pypi_downloads') as growth
            on adoption_monthly.subject_id = growth.subject_id and month = growth.period_start
        where {where}
    """
    where = "downloads_share is distinct from share or downloads_yoy is distinct from yoy"
    assert rows(differing.format(where=where)) == [(0, 0, 0)]
    # 26 and 25 months and one of 2021; shares in the 25 of both, growth from 2024 on.
    assert rows(differing.format(where="true")) == [(52, 50, 27)]


def test_age_counts_from_the_first_release(rows):
    """At twelve months `one` stood in January 2023 and `two` in January 2024."""
    assert rows("from align_by_age('pypi_downloads') where age_months = 12") == [
        ("one", "pypi_downloads", 12, 365, date(2023, 1, 1), date(2023, 1, 31), 100.0, "ok"),
        ("two", "pypi_downloads", 12, 365, date(2024, 1, 1), date(2024, 1, 31), 1000.0, "ok"),
    ]
    assert rows("select min(age_days), min(age_months) from align_by_age('pypi_downloads')") == [(-334, -11)]


@pytest.mark.parametrize("macro", ["latest", "share_of", "yoy", "align_by_age"])
def test_a_metric_that_does_not_exist_is_an_error(macro: str, rows):
    """Not an empty answer; the message names those there are."""
    with pytest.raises(
        ConfigurationError, match="found metric downloads, expected one of github_forks_total, "
    ):
        rows(f"from {macro}('downloads')")


def test_every_client_has_the_macros_with_their_comments(published_file: Path):
    """A plain connection, shut off or not, and one that has the file beside others."""
    with duckdb.connect(published_file, read_only=True) as plain:
        comments = dict(
            plain.execute(
                "select function_name, comment from duckdb_functions() where not internal"
            ).fetchall()
        )
        assert set(comments) == {"align_by_age", "known_metric", "latest", "share_of", "yoy"}
        assert all(comments.values())
        plain.execute("set enable_external_access = false")
        assert len(plain.execute("from latest('pypi_downloads')").fetchall()) == 2
    with duckdb.connect() as other:
        other.execute(f"attach '{published_file}' as barometer (read_only)")
        other.execute("use barometer")
        assert len(other.execute("from latest('pypi_downloads')").fetchall()) == 2
