"""Anaconda's package data: what the collector asks and believes, and which figures come of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.client import Client
from flows.client.request import Due
from flows.client.session import UNPACED, Quota
from flows.demo.schedule import Planned
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_source
from flows.sources.anaconda.answers import read_version
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.subject import Subject
from warehouse.errors import AccessDenied, UnexpectedAnswer

PACKAGES = ("conda-forge/tensorflow", "pytorch/pytorch")
SUBJECT = Subject(id="one", name="One", anaconda=list(PACKAGES))
# In the demo, July's file is there from the third of August on.
NEWEST = "2025-07"


@pytest.fixture
def asking(at_server, server):
    """Ask the stand-in what is due, all of it or the first questions; return the pages."""

    def ask(subject=SUBJECT, known=None, first=None):
        source, known = load_source("anaconda"), known or {}
        (service,) = source.services(at_server)
        questions = [*Due(lambda: source.questions([subject], at_server, known), known, server.now)]
        pages = []
        with Client(service, at_server, pages.append, known) as client:
            for question in questions[:first]:
                question.ask(client)
        return pages

    return ask


def answered(pages):
    """What the pages make known."""
    return {
        (page.endpoint, page.key): LastAnswer(page.fetched_at, "", page.etag)
        for page in pages
        if page.problem is None
    }


def test_a_login_that_is_asked_for_is_no_month_that_is_late(asking, server):
    """It is told, and nothing is archived of it."""
    server.faults = [Planned("401", 1, 10)]
    with pytest.raises(AccessDenied, match="HTTP 401, expected 200"):
        asking(first=1)


def test_a_months_file_is_looked_at_and_its_rows_are_read(asking, server):
    """The newest first: each package's rows as they stand there, with the version of the file."""
    *rows, file = asking(first=1)

    assert [(page.endpoint, page.key) for page in rows] == [
        ("month_rows", f"{package} {NEWEST}") for package in PACKAGES
    ]
    told = json.loads(rows[1].body)
    assert told["columns"] == ["time", "data_source", "pkg_name", "pkg_version", "pkg_platform", "counts"]
    assert told["rows"] == [[NEWEST, "pytorch", "pytorch", "", "", 304074]]
    assert (file.endpoint, file.key, file.etag) == ("month_file", NEWEST, told["etag"])
    assert [page.problem for page in (*rows, file)] == [None] * 3
    assert [request.method for request in server.requests] == ["HEAD", "GET"]


def test_a_running_month_is_not_asked_for_and_a_missing_file_is_late(asking, server):
    """What is archived is that there is none, which is no failure; it is looked for again in a week."""
    server.now = datetime(2025, 8, 2, 6, tzinfo=UTC)
    (page,) = asking(first=1)
    assert (page.endpoint, page.key, page.status, page.problem) == ("month_file", NEWEST, 404, None)
    assert json.loads(page.body)["found"] == f"anaconda {NEWEST}: HTTP 404, expected 200"

    known = answered(asking())
    server.requests.clear()
    server.now += timedelta(days=7)
    assert NEWEST in {page.key for page in asking(known=known)}


def test_a_quiet_day_costs_two_requests(asking, server):
    """Of 103 months the newest eight are looked at each week, the others each quarter."""
    known = answered(asking())
    server.requests.clear()
    for day in range(1, 29):
        server.now = datetime(2025, 8, 6, 6, tzinfo=UTC) + timedelta(days=day)
        known |= answered(asking(known=known))
    assert len(server.requests) <= 28 * 3
    assert {request.method for request in server.requests} == {"HEAD"}


def test_a_new_package_is_read_of_the_files_that_are_known(asking, server):
    """At once, and nothing else is; of months before its first day it is not."""
    known = answered(asking())
    server.requests.clear()
    keras = {"package": "conda-forge/keras", "since": date(2025, 6, 1)}
    pages = asking(Subject(id="one", name="One", anaconda=[*PACKAGES, keras]), known)

    rows = [page.key for page in pages if page.endpoint == "month_rows"]
    assert rows == ["conda-forge/keras 2025-07", "conda-forge/keras 2025-06"]
    assert asking(Subject(id="one", name="One", anaconda=[*PACKAGES, keras]), known | answered(pages)) == []


def test_another_version_of_a_file_is_read_again(asking, server):
    """And one that is as it was is not."""
    pages = asking(first=1)
    known = answered(pages)
    old = {name: replace(last, etag='"older"') for name, last in known.items() if name[0] == "month_rows"}
    assert [page.key for page in asking(known=known | old, first=1)] == [page.key for page in pages]


def test_a_file_that_was_there_is_not_late(asking, server):
    """It is gone, or denied, and that is told."""
    known = answered(asking(first=1))
    server.now = datetime(2025, 8, 2, tzinfo=UTC)
    past = {name: replace(last, read_at=datetime(2025, 7, 1, tzinfo=UTC)) for name, last in known.items()}
    with pytest.raises(UnexpectedAnswer, match="HTTP 404, expected 200, as before"):
        asking(known=past, first=1)


def test_an_answer_that_is_cut_leaves_the_month_unread(asking, server):
    """Nothing of it is archived, so all of it is due again."""
    server.faults = [Planned("html", 2)]
    with pytest.raises(UnexpectedAnswer, match="expected HTTP 206"):
        asking(first=1)


def test_a_budget_that_is_used_up_is_no_failure(at_server, server):
    """Also where it ends in the midst of a file: the month is left whole to the next run."""
    source, settings = load_source("anaconda"), replace(at_server, demo=False)
    (service,) = source.services(settings)
    service = replace(service, pace=UNPACED, quota=Quota(6, 86_400))
    attempt = collect(service, due_questions(service, [SUBJECT], settings, {}), settings, {})

    assert (attempt.problem, attempt.answers) == (None, 2 * 3)
    assert "5 of its 6 requests a day are used up; 101 questions are left for the next" in attempt.postponed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": "none", "Content-Length": "7", "Last-Modified": "Mon"},
        {"ETag": '"one"', "Content-Length": "0", "Last-Modified": "Mon"},
        {"ETag": '"one"', "Content-Length": "999999999999", "Last-Modified": "Mon"},
        {"ETag": '"one"', "Content-Length": "7"},
    ],
)
def test_a_file_without_a_version_is_refused(headers):
    """So is one that is larger than any month's."""
    with pytest.raises(ValueError, match="expected a version"):
        read_version(headers)


COLUMNS = ["time", "data_source", "pkg_name", "pkg_version", "pkg_platform", "counts"]


@pytest.fixture
def months(told):
    """What was told of a package by month: the counts of its rows, none where the file lacks it."""

    def tell(package, at, **counts):
        channel, name = package.split("/")
        for month, rows in counts.items():
            key = month[1:].replace("_", "-")
            rows = [[key, channel, name, "1.0", "linux-64", count] for count in rows]
            body = {"etag": "x", "size": 9, "last_modified": "Mon", "columns": COLUMNS, "rows": rows}
            yield told("anaconda", "month_rows", f"{package} {key}", body, at)

    return tell


NOW = datetime(2023, 5, 10, 6, tzinfo=UTC)
FIGURES = (
    "select subject_id, period_start, value, state from observations where metric_id = '{}' order by all"
)


@pytest.mark.usefixtures("without_checks")
def test_a_sum_has_the_months_in_which_every_channel_is_known(warehouse, months):
    """Before a channel is in the data, and where a file lacks a package, there is none."""
    config = configuration(
        one={"anaconda": ["conda-forge/one", "one/one"]},
        two={
            "anaconda": [
                {"package": "conda-forge/old", "until": date(2023, 1, 31)},
                {"package": "conda-forge/new", "since": date(2023, 2, 1)},
            ]
        },
    )
    house = warehouse(config, now=NOW)
    house.tell(
        *months("conda-forge/one", NOW, m2022_12=[1, 2], m2023_01=[4], m2023_02=[5], m2023_03=[6]),
        *months("one/one", NOW, m2022_12=[], m2023_01=[10], m2023_02=[], m2023_03=[30]),
        *months("conda-forge/old", NOW, m2023_01=[7], m2023_02=[1]),
        *months("conda-forge/new", NOW, m2023_01=[1], m2023_02=[8]),
    ).build()

    assert house.rows(FIGURES.format("conda_downloads")) == [
        ("one", date(2023, 1, 1), 14.0, "ok"),
        ("one", date(2023, 3, 1), 36.0, "ok"),
        ("two", date(2023, 1, 1), 7.0, "ok"),
        ("two", date(2023, 2, 1), 8.0, "ok"),
    ]
    alone = [row for row in house.rows(FIGURES.format("conda_forge_downloads")) if row[0] == "one"]
    assert [value for _, _, value, _ in alone] == [3.0, 4.0, 5.0, 6.0]


@pytest.mark.usefixtures("without_checks")
def test_there_is_no_sum_while_a_channel_does_not_count(warehouse, months):
    """One that the configuration ends would make the sum fall without a download less."""
    config = configuration(
        one={"anaconda": ["conda-forge/one", {"package": "one/one", "until": date(2023, 1, 31)}]}
    )
    house = warehouse(config, now=NOW)
    house.tell(
        *months("conda-forge/one", NOW, m2023_01=[4], m2023_02=[5]),
        *months("one/one", NOW, m2023_01=[10], m2023_02=[9]),
    ).build()

    assert house.rows(FIGURES.format("conda_downloads")) == [("one", date(2023, 1, 1), 14.0, "ok")]


@pytest.mark.usefixtures("without_checks")
def test_a_month_of_lost_days_is_suspect(warehouse, months):
    """Six days of April 2018 are missing in the logs."""
    house = warehouse(configuration(one={"anaconda": "conda-forge/one"}), now=NOW)
    house.tell(*months("conda-forge/one", NOW, m2018_03=[9], m2018_04=[7], m2018_05=[9])).build()

    states = [row[3] for row in house.rows(FIGURES.format("conda_downloads"))]
    assert states == ["ok", "suspect", "stale"]  # the last because nothing came after it for years


@pytest.mark.usefixtures("without_checks")
def test_what_is_told_anew_is_a_revision(warehouse, months):
    """As in December 2024, when all files from 2022-06 on were rewritten."""
    house = warehouse(configuration(one={"anaconda": "conda-forge/one"}), now=NOW)
    house.tell(
        *months("conda-forge/one", NOW - timedelta(days=9), m2023_03=[5], m2023_04=[5]),
        *months("conda-forge/one", NOW, m2023_03=[6, 6]),
    ).build()

    told = "select metric_id, period_start, old_value, new_value from revisions order by all"
    assert house.rows(told) == [
        (metric_id, date(2023, 3, 1), 5.0, 12.0) for metric_id in ("conda_downloads", "conda_forge_downloads")
    ]
    assert [row[2] for row in house.rows(FIGURES.format("conda_downloads"))] == [12.0, 5.0]


@pytest.mark.usefixtures("without_dbt")
def test_a_small_archive_passes_every_check(warehouse, months):
    """Nothing of it is warned of."""
    house = warehouse(configuration(one={"anaconda": "conda-forge/one"}), now=NOW)
    house.tell(*months("conda-forge/one", NOW, m2023_03=[5], m2023_04=[5])).build()

    assert house.rows("select check_id, detail from quality_checks where not passed") == []
