"""Package metadata: what the collector asks and believes, and which figures come of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Due
from flows.sources import load_source
from flows.sources.dependents.answers import SUMMED, read_dependents
from flows.sources.dependents.query import DEPENDENTS
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.ecosystem import Subject

TODAY = date(2014, 3, 10)
NOW = datetime(2014, 3, 10, 6, tzinfo=UTC)
FAMILY = "tensorflow;tf-nightly"


def month(first, released, requiring, began=0, ceased=0, offered=0):
    counts = (released, requiring, began, ceased, offered, 0, 3 * released)
    return {"month": f"{first}-01", **dict(zip(SUMMED, counts, strict=True))}


def answer(*months, **changes):
    totals = {name: sum(one[name] for one in months) for name in SUMMED}
    held = {"held": totals["loaded"]}
    told = {"data": [one | held for one in months], "totals": totals | held, "rows": len(months)}
    return told | changes


EARLIER = month("2013-12", 50, 4, began=4, offered=2)
JANUARY, FEBRUARY = month("2014-01", 20, 2, began=1), month("2014-02", 40, 6, began=3, ceased=2, offered=1)
MARCH = month("2014-03", 10, 1)
WHOLE = answer(EARLIER, JANUARY, FEBRUARY, MARCH)


def read(body):
    return read_dependents(TODAY, json.dumps(body).encode())


def test_the_stand_in_is_asked_and_believed(at_server):
    """One question a family, by what its packages are called for their downloads, told in one answer."""
    packages = [{"package": "tf-nightly"}, {"package": "tensorflow", "until": date(2022, 1, 1)}]
    subjects = [Subject(id="one", name="One", pypi=packages), Subject(id="two", name="Two", wikipedia="Two")]
    source = load_source("dependents")
    (service,) = source.services(at_server)
    (question,) = source.questions(subjects, at_server, {})
    pages = []
    with Client(service, at_server, pages.append) as client:
        question.ask(client)

    (page,) = pages
    assert (page.endpoint, page.key, page.problem) == ("dependent_months", FAMILY, None)
    body = json.loads(page.body)
    assert (body["data"][0]["month"], body["data"][-1]["month"]) == ("2013-12-01", "2025-08-01")
    assert body["sample"]


def test_all_months_are_asked_for_anew_once_a_week(at_server):
    """Not on the day after."""
    subject = Subject(id="one", name="One", pypi=["torch"])
    questions = list(load_source("dependents").questions([subject], at_server, {}))
    known = {("dependent_months", "torch"): LastAnswer(NOW, "")}
    days = [n for n in range(1, 15) if Due(lambda: questions, known, NOW + timedelta(days=n))]

    assert len(days) > 7
    assert days[0] <= 7


def test_a_whole_answer_is_read():
    """Numbers as they are, or as text by the taste of the server."""
    quoted = json.loads(json.dumps(WHOLE).replace('"released": 20', '"released": "20"'))

    assert [one.released for one in read(quoted).data] == [50, 20, 40, 10]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (WHOLE | {"data": WHOLE["data"][:2], "rows": 2}, "found months of 70 released, expected the total"),
        (WHOLE | {"rows": 5}, "found 4 rows, expected the 5"),
        (WHOLE | {"totals": WHOLE["totals"] | {"held": 361}}, "found 360 files read, expected all 361"),
        (answer(EARLIER, FEBRUARY), "found the month 2014-02-01, expected 2014-01-01"),
        (answer(JANUARY, FEBRUARY), "found the month 2014-01-01, expected 2013-12-01"),
        (answer(EARLIER), "found 1 months"),
        (answer(), "found 0 months"),
        (answer(EARLIER, month("2014-01", 20, 21)), "found 21 of 20 projects"),
        (answer(EARLIER, month("2014-01", 20, 2, ceased=5)), "found -1 projects that began"),
        (
            answer(EARLIER, JANUARY, FEBRUARY, MARCH, month("2014-04", 1, 0)),
            "found releases of 2014-04-01, expected none before",
        ),
    ],
)
def test_a_part_is_no_answer(body, found):
    """Rows or months that are missing, files that were not read, what cannot be, and months to come."""
    with pytest.raises(ValueError, match=found):
        read(body)


def test_what_no_project_requires_has_no_answer():
    """The package is most likely misspelled."""
    with pytest.raises(Unanswered, match="found no project"):
        read(answer(month("2013-12", 50, 0), month("2014-01", 20, 0)))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            b'{"data": [\nCode: 159. DB::Exception: Timeout exceeded',
            r"found Code: 159\. DB::Exception: Timeout",
        ),
        (b"<html>busy</html>", "Expecting value"),
    ],
)
def test_another_thing_is_no_answer(body, found):
    """An error within a 200, and a page for people."""
    with pytest.raises(ValueError, match=found):
        read_dependents(TODAY, body)


def test_dependents_are_told_as_stock_flow_and_rate(warehouse, told):
    """The row of all before is in stocks alone; the running month is partial; what changes is a revision."""
    changed = answer(EARLIER, JANUARY, FEBRUARY | {"requiring": 4}, MARCH)
    both = configuration(
        {"dependents": 45},
        one={"pypi": ["tf-nightly", {"package": "tensorflow", "until": date(2022, 1, 1)}]},
        two={"pypi": ["jax"]},
    )
    house = warehouse(both, now=NOW)
    house.tell(
        told("dependents", "dependent_months", FAMILY, WHOLE, NOW - timedelta(days=1)),
        told("dependents", "dependent_months", "jax", WHOLE | {"sample": "made up"}, NOW),
        told("dependents", "dependent_months", FAMILY, changed, NOW),
    )
    house.build()

    dependents = (
        "from observations join metrics using (metric_id) where source_id = 'dependents' and subject_id = "
    )
    rows = house.rows(f"select metric_id, month(period_start), value, state {dependents} 'one' order by all")
    assert rows == [
        ("pypi_dependents_optional_total", 1, 2, "ok"),
        ("pypi_dependents_optional_total", 2, 3, "ok"),
        ("pypi_dependents_optional_total", 3, 3, "partial"),
        ("pypi_dependents_released", 1, 2, "ok"),
        ("pypi_dependents_released", 2, 4, "ok"),
        ("pypi_dependents_released", 3, 1, "partial"),
        ("pypi_dependents_released_per_10000", 1, 1000, "ok"),
        ("pypi_dependents_released_per_10000", 2, 1000, "ok"),
        ("pypi_dependents_released_per_10000", 3, 1000, "partial"),
        ("pypi_dependents_total", 1, 5, "ok"),
        ("pypi_dependents_total", 2, 6, "ok"),
        ("pypi_dependents_total", 3, 6, "partial"),
    ]
    assert house.rows(f"select distinct state {dependents} 'two' order by 1") == [("partial",), ("sample",)]
    assert house.rows("select metric_id, old_value, new_value, changed_at from revisions order by 1") == [
        ("pypi_dependents_released", 6, 4, NOW),
        ("pypi_dependents_released_per_10000", 1500, 1000, NOW),
    ]
    failed = "select check_id, detail from quality_checks where not passed and check_id like '%dependent%'"
    assert house.rows(failed) == []


# Uploaded files: project, version, what it requires, when.
FILES = (
    ("before", "1", ["torch"], "2013-05-02"),
    # Two files of one release, the sdist of which tells nothing, and is uploaded in another month.
    ("My_App", "1", ["numpy", "Torch (>=1.0)"], "2014-01-31"),
    ("my-app", "1", [], "2014-02-01"),
    # It ceases.
    ("my.app", "2", ["torchvision", "pytorch", "torch-geometric"], "2014-02-20"),
    # Two spellings of one package, an environment, an extra of the package; required twice and one project.
    ("b", "1", ["tf.Nightly[gpu]==2; python_version < '3'", "torch"], "2014-02-03"),
    # Offered alone, in three ways to write it, and then required beside.
    ("c", "1", ["torch>=1; extra == 'gpu'"], "2014-02-04"),
    ("d", "1", ["torch ; (python_version > '3') and extra=='gpu'"], "2014-02-04"),
    ("e", "1", ["torch;'gpu' == extra"], "2014-02-04"),
    ("c", "2", ["torch; extra == 'gpu'", "torch!=2"], "2014-02-05"),
    # A package of the family is no dependent of it.
    ("torch", "1", ["tf-nightly"], "2014-02-06"),
)


@pytest.fixture
def clickhouse(tmp_path):
    """A ClickHouse with the table, empty."""
    session = pytest.importorskip("chdb.session", reason="chdb is not installed")
    with session.Session(str(tmp_path)) as clickhouse:
        clickhouse.query("create database pypi")
        clickhouse.query(
            "create table pypi.projects (name String, version String, requires_dist Array(String), "
            "upload_time DateTime64) engine = MergeTree order by name"
        )
        yield clickhouse


SENT = {"packages": "['tf-nightly', 'torch']", "until": "2013-12-01", "row_limit": "10"}


def test_the_real_engine_tells_requirements_by_whole_names(clickhouse):
    """Each project once, by its releases' first files, with as many files read as the table holds."""
    for name, version, requires, day in FILES:
        told = json.dumps(requires).replace("'", "\\'").replace('"', "'")
        values = f"('{name}', '{version}', {told}, '{day} 12:00:00')"
        clickhouse.query(f"insert into pypi.projects values {values}")
    body = clickhouse.query(DEPENDENTS, "JSON", params=SENT).bytes()

    told = read_dependents(TODAY, body)
    assert told.totals.held == len(FILES)
    assert [tuple(getattr(one, name) for name in SUMMED) for one in told.data] == [
        (1, 1, 1, 0, 0, 0, 1),
        (1, 1, 1, 0, 0, 0, 2),
        (6, 2, 2, 1, 2, 0, 7),
    ]


def test_a_read_that_was_cut_is_no_answer(clickhouse):
    """As the service reads by itself all sums agree, of the part that was read; the table holds more."""
    clickhouse.query(
        "insert into pypi.projects select toString(number), '1', ['torch'], toDateTime('2014-01-05 12:00:00')"
        " from numbers(200000)"
    )
    cut = f"{DEPENDENTS} settings read_overflow_mode = 'break', max_rows_to_read = 70000"
    body = clickhouse.query(cut, "JSON", params=SENT).bytes()

    with pytest.raises(ValueError, match=r"found \d+ files read, expected all 200000"):
        read_dependents(TODAY, body)
