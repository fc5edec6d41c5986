"""The macros of the published file, in whole rows and as other clients have them."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.errors import ConfigurationError
from warehouse.published.open import open_published

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
        ("one", "pypi_downloads", *FEBRUARY, 2600.0, 2600.0, None, "ok", LOGS, MORNING, None),
        ("two", "pypi_downloads", *FEBRUARY, 1000.0, 1000.0, None, "ok", LOGS, MORNING, None),
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


@pytest.mark.parametrize(
    ("broken_on", "reason"), [("2023-02-01", None), ("2023-02-02", "Anew"), ("2024-02-29", "Anew")]
)
def test_growth_is_known_from_the_first_period_that_is_counted_anew(
    broken_on: str, reason: str | None, published_file: Path
):
    """A break on the first day of the year before's month lies before both; one within either parts them."""
    with changed(
        published_file,
        "insert into events (metric_id, occurred_on, kind, title, url) "
        f"values ('pypi_downloads', '{broken_on}', 'series break', 'Anew', 'https://x.example')",
    ) as connection:
        rows = connection.execute(
            "select reason from yoy('pypi_downloads') "
            "where subject_id = 'one' and period_start = '2024-02-01'"
        ).fetchall()

    assert rows == [(reason,)]


@pytest.mark.parametrize(
    ("metric", "before", "period", "reason"),
    [
        ("github_forks_total", "2024-02-20", "2025-02-20", "GitHub changed how forks are counted"),
        ("github_forks_total", "2024-02-21", "2025-02-21", None),
        (
            "github_open_issues",
            "2021-08-19",
            "2022-08-19",
            "The public list of those years began to leave pull requests out",
        ),
        (
            "google_trends_interest",
            "2021-12-01",
            "2022-12-01",
            "Google changed how it measures: noted in its own answers",
        ),
        ("google_trends_interest", "2022-01-01", "2023-01-01", None),
        (
            "google_trends_interest_weekly",
            "2021-12-26",
            "2022-12-25",
            "Google changed how it measures: noted in its own answers",
        ),
        (
            "wikipedia_pageviews",
            "2020-04-30",
            "2021-04-30",
            "Wikimedia began to tell hidden machines from readers: 8 to 10 percent fewer views in English",
        ),
        (
            "pypi_downloads",
            "2018-07-01",
            "2019-07-01",
            "Download logs rewritten: figures of every package triple within a month",
        ),
        ("pypi_downloads", "2018-08-01", "2019-08-01", None),
        ("pypi_downloads", "2020-03-01", "2021-03-01", "Download logs ran dry"),
        ("pypi_downloads", "2020-12-01", "2021-12-01", "Download logs ran dry"),
    ],
)
def test_every_break_of_the_register_parts_what_it_changed(
    metric: str, before: str, period: str, reason: str | None, published_file: Path
):
    """Of two figures a year apart, 2 and 3, growth is a half where nothing lies between them."""
    row = "('one', '{metric}', '{day}', '{day}', {value}, 'ok', 'alike')"
    rows = [row.format(metric=metric, day=day, value=value) for day, value in ((before, 2), (period, 3))]
    with changed(
        published_file,
        f"delete from observations where metric_id = '{metric}'",
        "insert into observations (subject_id, metric_id, period_start, period_end, value, state, basis) "
        f"values {', '.join(rows)}",
    ) as connection:
        found = connection.execute(
            f"select yoy, reason from yoy('{metric}') where period_start = '{period}'"
        ).fetchall()

    assert found == [(None, reason) if reason else (0.5, None)]


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
    assert rows(
        "select * exclude (state_reason, basis) from align_by_age('pypi_downloads') where age_months = 12"
    ) == [
        ("one", "pypi_downloads", 12, 365, date(2023, 1, 1), date(2023, 1, 31), 100.0, "ok"),
        ("two", "pypi_downloads", 12, 365, date(2024, 1, 1), date(2024, 1, 31), 1000.0, "ok"),
    ]
    assert rows("select min(age_days), min(age_months) from align_by_age('pypi_downloads')") == [(-334, -11)]


def test_a_mean_is_of_whole_days_counted_in_one_way(rows):
    """A hundred views a day, a thousand on 15 February, which makes a week's mean 1600 / 7 and is suspect."""
    columns = "subject_id, metric_id, day, value, mean, state"
    assert rows(
        f"select {columns} from mean_of('wikipedia_pageviews', 7) "
        "where subject_id = 'one' and (day in ('2024-12-06', '2024-12-07', '2025-02-15') "
        "or day between '2025-02-21' and '2025-02-22')"
    ) == [
        ("one", "wikipedia_pageviews", date(2024, 12, 6), 100.0, None, "ok"),
        ("one", "wikipedia_pageviews", date(2024, 12, 7), 100.0, 100.0, "ok"),
        ("one", "wikipedia_pageviews", date(2025, 2, 15), 1000.0, pytest.approx(1600 / 7), "suspect"),
        ("one", "wikipedia_pageviews", date(2025, 2, 21), 100.0, pytest.approx(1600 / 7), "suspect"),
        ("one", "wikipedia_pageviews", date(2025, 2, 22), 100.0, 100.0, "ok"),
    ]
    assert rows(
        "select subject_id, min(day), max(mean) from mean_of('wikipedia_pageviews', 28) "
        "where mean is not null group by all order by 1"
    ) == [
        ("one", date(2024, 12, 28), pytest.approx(3700 / 28)),
        ("two", date(2024, 12, 28), pytest.approx(3700 / 28)),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "delete from observations where metric_id = 'wikipedia_pageviews' and period_start = '2025-02-20'",
        "insert into events (metric_id, occurred_on, kind) "
        "values ('wikipedia_pageviews', '2025-02-20', 'series break')",
        "update observations set basis = 'other' where period_start = '2025-02-20'",
    ],
)
def test_a_mean_is_unknown_where_a_day_is_or_where_counting_changed(change: str, published_file: Path):
    """The week up to the 26th lies across what happened on the 20th, the one up to the 19th does not."""
    with changed(published_file, change) as connection:
        found = connection.execute(
            "select day, mean is not null from mean_of('wikipedia_pageviews', 7) "
            "where subject_id = 'two' and day in ('2025-02-19', '2025-02-25', '2025-02-28')"
        ).fetchall()

    assert found == [(date(2025, 2, 19), True), (date(2025, 2, 25), False), (date(2025, 2, 28), True)]


def test_only_a_daily_metric_has_a_mean_of_days(rows):
    """Of weeks and months there is none, and none of what does not exist."""
    with pytest.raises(ConfigurationError, match="found metric pypi_downloads, which is not told by day"):
        rows("from mean_of('pypi_downloads', 7)")
    with pytest.raises(ConfigurationError, match="found metric downloads, expected one of"):
        rows("from mean_of('downloads', 7)")


def test_last_year_lies_under_this_year(rows):
    """The figure of the same month a year before, with its own state and not this year's."""
    columns = "subject_id, period_start, value, last_year, state, reason"
    assert rows(
        f"select {columns} from last_year_of('pypi_downloads') "
        "where period_start in ('2021-02-01', '2024-02-01', '2024-05-01') and subject_id = 'one'"
    ) == [
        ("one", date(2021, 2, 1), 40.0, None, None, "no figure a year before"),
        ("one", date(2024, 2, 1), 1400.0, 200.0, "ok", None),
        ("one", date(2024, 5, 1), 1700.0, 500.0, "ok", None),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "insert into events (subject_id, metric_id, occurred_on, kind, title, url) "
            "values (null, 'pypi_downloads', '2023-06-15', 'series break', 'Counted anew', 'https://x.example')",
            (None, 200.0, "ok", None, "Counted anew"),
        ),
        (
            "update observations set basis = 'other' where period_start = '2024-02-01'",
            (None, 200.0, "ok", None, "counted in another way"),
        ),
        (
            "update observations set state = 'suspect', state_reason = 'Odd' "
            "where period_start = '2023-02-01'",
            (200.0, 200.0, "suspect", "Odd", None),
        ),
        (
            "update observations set state = 'suspect', state_reason = 'Odd' "
            "where period_start = '2024-02-01'",
            (200.0, 200.0, "ok", None, None),
        ),
        ("update observations set value = 0 where period_start = '2023-02-01'", (0.0, 0.0, "ok", None, None)),
    ],
)
def test_last_year_is_told_where_both_are_counted_in_one_way(
    change: str, told: tuple[object, ...], published_file: Path
):
    """A break or another basis takes the figure; a doubt is told where it is that year's own."""
    with changed(published_file, change) as connection:
        found = connection.execute(
            "select last_year, value_year_before, state, state_reason, reason "
            "from last_year_of('pypi_downloads') where subject_id = 'one' and period_start = '2024-02-01'"
        ).fetchall()

    assert found == [told]


def test_a_total_begins_anew_after_what_is_unknown(rows):
    """`two` lacks June 2024; February 2021 of `one` stands alone and spoils nothing after it."""
    columns = "subject_id, period_start, total, since, state"
    assert rows(
        f"select {columns} from cumulative_of('pypi_downloads') where "
        "period_start in ('2021-02-01', '2023-01-01', '2023-03-01', '2024-05-01', '2024-07-01', '2024-08-01')"
    ) == [
        ("one", date(2021, 2, 1), 40.0, date(2021, 2, 1), "suspect"),
        ("one", date(2023, 1, 1), 100.0, date(2023, 1, 1), "ok"),
        ("two", date(2023, 1, 1), 1000.0, date(2023, 1, 1), "ok"),
        ("one", date(2023, 3, 1), 600.0, date(2023, 1, 1), "ok"),
        ("two", date(2023, 3, 1), 3000.0, date(2023, 1, 1), "ok"),
        ("one", date(2024, 5, 1), 15300.0, date(2023, 1, 1), "ok"),
        ("two", date(2024, 5, 1), 17000.0, date(2023, 1, 1), "ok"),
        ("one", date(2024, 7, 1), 19000.0, date(2023, 1, 1), "ok"),
        ("two", date(2024, 7, 1), 1000.0, date(2024, 7, 1), "ok"),
        ("one", date(2024, 8, 1), 21000.0, date(2023, 1, 1), "ok"),
        ("two", date(2024, 8, 1), 2000.0, date(2024, 7, 1), "ok"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update subjects set name = 'x'", [(100.0, "ok", None), (300.0, "ok", None), (600.0, "ok", None)]),
        (
            "insert into events (metric_id, occurred_on, kind) "
            "values ('pypi_downloads', '2023-02-01', 'series break')",
            [(100.0, "ok", None), (200.0, "ok", None), (500.0, "ok", None)],
        ),
        (
            "insert into events (metric_id, occurred_on, kind) "
            "values ('pypi_downloads', '2023-02-10', 'series break')",
            [(100.0, "ok", None), (300.0, "ok", None)],
        ),
        (
            "update observations set basis = 'other' where period_start = '2023-02-01'",
            [(100.0, "ok", None), (200.0, "ok", None), (300.0, "ok", None)],
        ),
        (
            "update observations set state = 'suspect', state_reason = 'Odd' "
            "where period_start = '2023-02-01'",
            [
                (100.0, "ok", None),
                (300.0, "suspect", "2023-02-01: Odd"),
                (600.0, "suspect", "2023-02-01: Odd"),
            ],
        ),
    ],
)
def test_a_total_is_of_what_is_counted_in_one_way(
    change: str, told: list[tuple[object, ...]], published_file: Path
):
    """It begins anew at a break and where the basis changes, and carries the doubts of what it holds."""
    with changed(published_file, change) as connection:
        found = connection.execute(
            "select total, state, state_reason from cumulative_of('pypi_downloads') "
            "where subject_id = 'one' and period_start between '2023-01-01' and '2023-03-01'"
        ).fetchall()

    assert found == told


def test_only_a_flow_adds_up(rows):
    """A counter's level is a total already."""
    with pytest.raises(ConfigurationError, match="found metric github_stars_total, which is a stock"):
        rows("from cumulative_of('github_stars_total')")


STARS = """
insert into observations by name
select 'one' as subject_id, 'github_stars_gained' as metric_id, 0 as revision,
    week::date as period_start, week::date + 6 as period_end, 10.0 as value,
    case when week = '2020-01-13' then 'suspect' else 'ok' end as state, null as basis
from range(date '2020-01-06', date '2020-03-30', interval 7 days) as weeks (week)
"""
READINGS = """
insert into observations by name
select 'one' as subject_id, 'github_stars_total' as metric_id, 0 as revision,
    day as period_start, day as period_end, value, 'ok' as state
from (values (date '2020-01-26', 36.0), (date '2020-03-04', 92.0)) as readings (day, value)
"""


def test_what_has_vanished_is_known_by_the_counter(published_file: Path):
    """The least is what still stands; the most, by the readings of the counter near the period."""
    emptied = "delete from observations where metric_id like 'github_stars%'"
    with changed(published_file, emptied, STARS, READINGS) as connection:
        found = connection.execute(
            "select total, counter, high, state from gathered_of('github_stars_gained') order by period_start"
        ).fetchall()
    with changed(published_file, emptied, STARS) as connection:
        unread = connection.execute(
            "select distinct counter, high, state from gathered_of('github_stars_gained') order by state"
        ).fetchall()

    # 30 of 36 still stand after three weeks, 90 of 92 after nine: between them six have vanished at the most.
    assert found == [
        (10.0, None, 16.0, "ok"),
        (20.0, None, 26.0, "ok"),
        (30.0, 36.0, 36.0, "ok"),
        *((10.0 * week, None, 10.0 * week + 6, "ok") for week in range(4, 9)),
        (90.0, 92.0, 92.0, "ok"),
        *((10.0 * week, None, 10.0 * week + 2, "suspect") for week in range(10, 13)),
    ]
    assert unread == [(None, None, "ok"), (None, None, "suspect")]


def test_only_what_vanishes_is_counted_so(rows):
    """A metric without a counter of its past is refused."""
    with pytest.raises(ConfigurationError, match="found metric pypi_downloads, from whose past nothing"):
        rows("from gathered_of('pypi_downloads')")


@pytest.mark.parametrize("gone", [1, 2])
def test_a_subject_without_any_figure_empties_no_share(published_file: Path, gone: int):
    """Of three, two are left and share the whole; of two, one has nothing to share with."""
    three = "insert into subjects by name select 'three' as subject_id, 'Three' as name, 2 as position"
    named = (
        "insert into identifiers by name "
        "select 'three' as subject_id, 'pypi' as source_id, 'thre' as identifier"
    )
    nothing = "delete from observations where subject_id = 'two' and metric_id = 'pypi_downloads'"
    statements = [three, named, *([nothing] if gone == 2 else [])]
    with changed(published_file, *statements) as connection:
        found = connection.execute(
            "select subject_id, round(share, 4), known_subjects from share_of('pypi_downloads') "
            "where period_start = '2023-02-01' order by subject_id"
        ).fetchall()

    assert found == ([("one", 0.1667, 2), ("two", 0.8333, 2)] if gone == 1 else [("one", None, 1)])


@pytest.mark.parametrize(
    "macro", ["latest", "share_of", "yoy", "align_by_age", "last_year_of", "cumulative_of", "gathered_of"]
)
def test_a_metric_that_does_not_exist_is_an_error(macro: str, rows):
    """Not an empty answer; the message names those there are."""
    with pytest.raises(
        ConfigurationError, match=r"found metric downloads, expected one of [a-z_, ]*github_forks_total, "
    ):
        rows(f"from {macro}('downloads')")


def test_the_evidence_of_a_claim_is_told_with_its_source(rows):
    """A row a measure and subject; a claim that does not exist is an error that names those there are."""
    found = rows("select subject_id, value, supports, source_id from claim_evidence_of('more_downloads')")
    assert found == [("one", 2600.0, "contradicts", "pypi"), ("two", 1000.0, "contradicts", "pypi")]
    with pytest.raises(ConfigurationError, match="found claim downloads, expected one of more_downloads, "):
        rows("from claim_evidence_of('downloads')")


def test_every_client_has_the_macros_with_their_comments(published_file: Path):
    """A plain connection, shut off or not, and one that has the file beside others."""
    with duckdb.connect(published_file, read_only=True) as plain:
        comments = dict(
            plain.execute(
                "select function_name, comment from duckdb_functions() where not internal"
            ).fetchall()
        )
        tables = {
            "align_by_age",
            "claim_evidence_of",
            "counted",
            "cumulative_of",
            "gathered_of",
            "last_year_of",
            "latest",
            "mean_of",
            "month_of",
            "series_at",
            "share_of",
            "sources_at",
            "stretches_of",
            "yoy",
        }
        parts = {"doubt_of", "is_of", "known_claim", "known_metric", "state_of", "told_of_days", "told_once"}
        parts |= {"clock", "figure_id", "state_at", "told_at", "utc_day"}
        assert set(comments) == tables | parts
        assert all(comments.values())
        plain.execute("set enable_external_access = false")
        assert len(plain.execute("from latest('pypi_downloads')").fetchall()) == 2
    with duckdb.connect() as other:
        other.execute(f"attach '{published_file}' as barometer (read_only)")
        other.execute("use barometer")
        assert len(other.execute("from latest('pypi_downloads')").fetchall()) == 2
