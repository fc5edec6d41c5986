"""Days of many packages in the logs by one question: what is asked, what is believed, what comes of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.client.client import Client
from flows.client.service import Service
from flows.pipeline import steps
from flows.sources.pypi.log_days import log_days
from flows.sources.pypi.log_query import PACKAGES_A_QUERY
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.errors import UnexpectedAnswer
from warehouse.proof.prove import prove
from warehouse.published.figure_id import FigureId

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
TODAY, WINDOW = NOW.date(), date(2025, 1, 9)
FEBRUARY = date(2025, 2, 1)
YESTERDAY, LONG_AGO = (LastAnswer(NOW - timedelta(days=days), "digest") for days in (1, 40))


class Logs(ThreadingHTTPServer):
    """Answers about as many packages as `most`, two days each; leaves `missing` out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.most, self.missing = 3, ""


class _Answer(BaseHTTPRequestHandler):
    server: Logs

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        (asked,) = parse_qs(urlsplit(self.path).query)["param_packages"]
        names = re.findall("'([^']+)'", asked)
        body, status = json.dumps(days([name for name in names if name != self.server.missing])), 200
        if len(names) > self.server.most:
            body, status = (
                "Code: 396. DB::Exception: Limit for result exceeded. (TOO_MANY_ROWS_OR_BYTES)",
                500,
            )
        self.send_response(status)
        if status != 200:
            self.send_header("X-ClickHouse-Exception-Code", "396")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def days(packages: list[str], *counts: int, first: date = FEBRUARY) -> dict[str, object]:
    """An answer: so many downloads of each package on each day, by pip."""
    rows = [
        {
            "date": str(first + timedelta(days=number)),
            "package": package,
            "installers": {"pip": count} if count else {},
            "downloads": count,
            "counted": count,
        }
        for number, count in enumerate(counts or (1, 1))
        for package in sorted(packages)
    ]
    total = sum(counts or (1, 1)) * len(packages)
    return {"data": rows, "rows": len(rows), "totals": {"downloads": total, "counted": total}}


@pytest.fixture
def logs() -> Iterator[Logs]:
    with Logs() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def asked(logs: Logs, settings):
    """Ask about the last days of packages that are known; return the pages, and the error that ended it."""
    urls = {**settings.urls, "CLICKHOUSE_URL": f"http://127.0.0.1:{logs.server_port}"}
    at_logs = replace(settings, urls=urls, demo=True, clock=lambda: NOW)

    def ask(*packages: str) -> tuple[dict[str, str | None], str | None]:
        (question,) = listed(packages, known(YESTERDAY, *packages))
        pages = []
        with Client(Service("pypi", "CLICKHOUSE_URL"), at_logs, pages.append) as client:
            try:
                question.ask(client)
                error = None
            except UnexpectedAnswer as raised:
                error = str(raised)
        return {page.key: page.problem for page in pages}, error

    return ask


def known(last: LastAnswer, *packages: str) -> dict[tuple[str, str], LastAnswer]:
    return {("log_days", f"{package} 2016-01-01"): last for package in packages}


def listed(packages, answered):
    """The questions that are due."""
    found = log_days(packages, answered, NOW, "CLICKHOUSE_URL", 1, 10_000)
    return [question for question in found if question.is_due(answered, NOW)]


def test_the_last_days_of_known_packages_are_one_question():
    """As many as an answer holds; one that is new, or was never answered, is asked about by itself."""
    names = [f"p{number}" for number in range(PACKAGES_A_QUERY + 2)]
    keys = [question.key for question in listed([*names, "new"], known(YESTERDAY, *names))]

    assert keys == [f"{';'.join(names[:-2])} {WINDOW}", f"{';'.join(names[-2:])} {WINDOW}", "new 2016-01-01"]


def test_what_was_longest_not_read_whole_comes_first():
    """Those never read before those read long ago; what was read whole today is not asked again."""
    answered = {
        **known(LONG_AGO, "old"),
        **known(LastAnswer(NOW, "digest"), "today"),
        **known(YESTERDAY, "one"),
    }
    found = log_days(["old", "today", "new", "one"], answered, NOW, "CLICKHOUSE_URL", 1, 1)

    assert [one.key for one in found] == ["new 2016-01-01", "old 2016-01-01", "one 2016-01-01"]


def test_the_same_day_asks_nothing_twice():
    """In the evening all is known; a package that was added by then is asked about."""
    answered = known(YESTERDAY, "one", "two")
    (question,) = listed(["one", "two"], answered)
    answered[question.endpoint, question.key] = LastAnswer(NOW, "digest")

    assert listed(["one", "two"], answered) == []
    assert [one.key for one in listed(["one", "two", "new"], answered)] == ["new 2016-01-01"]


def test_a_part_that_meets_a_limit_is_refused_whole_and_asked_in_halves(asked):
    """Nothing of what was refused is believed; what the halves tell is."""
    pages, error = asked("a", "b", "c", "d", "e")

    assert error is None
    assert [(key, bool(problem)) for key, problem in pages.items()] == [
        (f"a;b;c;d;e {WINDOW}", True),
        (f"a;b {WINDOW}", False),
        (f"c;d;e {WINDOW}", False),
    ]


def test_a_service_that_refuses_ever_smaller_parts_is_left_alone(asked, logs: Logs):
    """Three times in a row, and no more of the hour's sixty queries."""
    logs.most = 0
    pages, error = asked(*"abcdefgh")

    assert [key.split()[0] for key in pages] == ["a;b;c;d;e;f;g;h", "a;b;c;d", "a;b"]
    assert "refused alike 3 times in a row" in error


def test_an_answer_that_lacks_a_package_is_none(asked, logs: Logs):
    """Whoever is left out was not counted as zero: the answer is of something else."""
    logs.missing = "b"
    pages, error = asked("a", "b", "c")

    assert error == f"pypi a;b;c {WINDOW}: found no day of b, expected some of each package"
    assert list(pages.values()) == [error]


DOWNLOADS = """
select package, day, downloads from package_downloads_daily where installer_class = 'people' order by 1, 2
"""


@pytest.mark.usefixtures("without_checks")
def test_each_package_has_its_figures_from_the_answer_about_all(warehouse, told):
    """Beside answers about one, which name no package in their rows, as all did before November 2026."""
    house = warehouse(configuration(one={"pypi": ["one"]}, two={"pypi": ["two"]}), now=NOW)
    alone = days(["one"], 3, 3, 0)
    for row in alone["data"]:
        del row["package"]
    house.tell(told("pypi", "log_days", "one 2016-01-01", alone, NOW - timedelta(days=30)))
    both = days(["one"], 5, 0, 0, first=FEBRUARY + timedelta(days=1))
    both["data"] += days(["two"], 7, 9, 0)["data"]
    house.tell(told("pypi", "log_days", "one;two 2025-01-09", both, NOW))
    house.build()

    assert house.rows(DOWNLOADS)[:5] == [
        ("one", date(2025, 2, 1), 3),
        ("one", date(2025, 2, 2), 5),
        ("one", date(2025, 2, 3), 0),
        ("one", date(2025, 2, 4), 0),
        ("two", date(2025, 2, 1), 7),
    ]
    assert house.rows("select package, day, state from package_downloads_daily where state <> 'ok'")


@pytest.mark.usefixtures("without_checks")
def test_a_day_without_a_row_is_unknown_and_one_without_an_installer_is_zero(warehouse, told):
    """Of two packages of one answer, and whatever the other one has on that day."""
    house = warehouse(configuration(one={"pypi": ["one"]}, two={"pypi": ["two"]}), now=NOW)
    body = days(["one", "two"], 4, 0, 6, 0)
    body["data"] = [row for row in body["data"] if (row["package"], row["date"]) != ("two", "2025-02-02")]
    house.tell(told("pypi", "log_days", "one;two 2025-01-09", body, NOW)).build()

    rows = [row for row in house.rows(DOWNLOADS) if row[1] < date(2025, 2, 4)]
    assert rows == [
        *(("one", date(2025, 2, day), count) for day, count in ((1, 4), (2, 0), (3, 6))),
        *(("two", date(2025, 2, day), count) for day, count in ((1, 4), (3, 6))),
    ]


@pytest.mark.usefixtures("without_checks")
def test_a_figure_is_proved_by_the_answer_about_all(warehouse, told):
    """It is the answer as it came, and the figure of one of its packages is made of it again."""
    house = warehouse(configuration(one={"pypi": ["one"]}, two={"pypi": ["two"]}), now=NOW)
    body = days(["one", "two"], *[3] * 40, first=date(2025, 1, 1))
    house.tell(told("pypi", "log_days", "one;two 2025-01-01", body, NOW)).build()

    figure, ecosystem = (
        FigureId("two", "pypi_downloads", date(2025, 1, 1)),
        steps.ecosystem_of(house.settings),
    )
    (proof,) = prove([figure], house.settings, ecosystem, with_answers=True)
    assert proof.is_equal and proof.published["value"] == 93
    assert [answer.question for answer in proof.answers] == ["log_days one;two 2025-01-01"]
