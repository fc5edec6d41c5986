"""The page that answers SQL as a reader has it: over a host of static files, in a real browser."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import duckdb
import pytest
from playwright.sync_api import Browser, expect

from reports.build.site import build_site
from tests.reports.chromium import CHROMIUM, DESK, PHONE, Host, Visit, hosting, violations, visiting
from warehouse.errors import ConfigurationError
from warehouse.published.open import open_published
from warehouse.published.saved_queries import saved_queries

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: name one in CHROMIUM or put one on the path"
)
MONTHS = (
    "select period_start as month, subject_id, value from observations where metric_id = 'pypi_downloads'"
)


class Asking(Visit):
    """A visit of the page, and what is asked there."""

    def ask(self, sql: str) -> None:
        """Write a question and have it answered, by the keyboard."""
        self.page.locator("#query").fill(sql)
        self.page.locator("#query").press("Control+Enter")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being answered."""
        self.page.wait_for_timeout(50)
        self.page.locator(".stop").wait_for(state="hidden", timeout=60_000)

    @property
    def mistake(self) -> str:
        """What is told instead of an answer."""
        return (
            self.page.locator(".mistake").inner_text() if self.page.locator(".mistake").is_visible() else ""
        )

    def rows(self) -> list[list[str]]:
        """Return what the table shows."""
        found: list[list[str]] = self.page.locator(".rows tbody").evaluate(
            "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return found

    def csv(self) -> list[list[str]]:
        """Return what the CSV of the answer holds."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="CSV").click()
        return [*csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8")))]


@contextmanager
def asking(
    browser: Browser, host: Host, state: dict[str, str] | None = None, viewport: Any = DESK, **rest: Any
) -> Iterator[Asking]:
    """Open the page at a host, with a question in its address or none."""
    context = browser.new_context(viewport=viewport, **rest)
    address = f"{host.address}/ask.html"
    try:
        yield Asking(context.new_page(), f"{address}#{urlencode(state)}" if state else address)
    finally:
        context.close()


@pytest.fixture(scope="module")
def host(asking_site: Path) -> Iterator[Host]:
    """A host of the site that knows no ranges."""
    with hosting(asking_site) as running:
        yield running


def natively(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows that DuckDB itself answers with, as texts."""
    with open_published(file) as published:
        return published.query(f"select columns(*)::varchar from ({sql})")[1]


@pytest.mark.parametrize("viewport, scheme", [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_a_question_is_answered(
    browser: Browser, host: Host, asking_file: Path, viewport: dict[str, int], scheme: str
) -> None:
    """As table, chart and CSV, by nobody but this host, readable, and no wider than the window."""
    with asking(browser, host, viewport=viewport, color_scheme=scheme) as visit:
        assert violations(visit.page) == []
        visit.ask(f"{MONTHS} order by all")

        expected = natively(asking_file, f"{MONTHS} order by all")
        assert len(expected) > 60
        assert [tuple(row) for row in visit.rows()] == [tuple(v or "null" for v in row) for row in expected]
        assert visit.csv() == [
            ["month", "subject_id", "value"],
            *([v or "" for v in row] for row in expected),
        ]
        assert visit.page.locator(".live .mark-line path[stroke='var(--s1)']").count() == 1
        assert violations(visit.page) == []
        for width in (320, 360, 800, 2560):
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.overflow() == 0, width
        assert visit.said == []
        assert all(url.startswith((host.address, f"blob:{host.address}", "data:")) for url in visit.asked)


def test_every_saved_question_is_answered_as_by_duckdb_itself(
    browser: Browser, host: Host, asking_file: Path
) -> None:
    """The macros, too: with as many rows as on the command line, whatever extensions this page lacks."""
    counts: dict[str, int] = {}
    for query in saved_queries():
        with open_published(asking_file) as published:
            try:
                counts[query.name] = len(published.query(query.sql)[1])
            except ConfigurationError:
                continue  # of tables and columns that this small file does not have
    assert len(counts) > 20 and sum(counts.values()) > 100

    with asking(browser, host) as visit:
        found = {}
        for name in counts:
            visit.page.get_by_label("A saved question").select_option(name)
            visit.settle()
            assert visit.mistake == "", name
            found[name] = len(visit.csv()) - 1
    assert found == counts


def test_a_large_file_is_read_by_ranges(
    browser: Browser, asking_file: Path, packages: Path, drawing_cache: Path, tmp_path: Path
) -> None:
    """A part of it is fetched; where a host serves no ranges it is fetched packed, and both answer alike.

    Parts of two files are never put together: when another one is published, a reader is told.
    """
    large = tmp_path / "large.duckdb"
    large.write_bytes(asking_file.read_bytes())
    with duckdb.connect(large) as connection:
        connection.execute("create table noise as select random() as value from range(1_000_000)")
    build_site(large, tmp_path / "site", cache=drawing_cache, packages=packages)
    answers = []
    for ranges in (True, False):
        with hosting(tmp_path / "site", ranges=ranges) as running, asking(browser, running) as visit:
            visit.ask("from latest('pypi_downloads') order by all")
            answers.append(visit.rows())
            whole, packed = (running.bytes_of(f"data/barometer.duckdb{end}") for end in ("?", ".gz"))
            assert (whole > 0, packed > 0) == (ranges, not ranges)
            assert whole < large.stat().st_size / 2
            os.utime(tmp_path / "site/data/barometer.duckdb", (0, 0))
            visit.ask("select 1")
            assert ("published anew" in visit.mistake) == ranges
    assert answers[0] == answers[1] and len(answers[0]) == 3


def test_the_address_holds_question_and_chart(browser: Browser, host: Host) -> None:
    """Who opens it has the same; who follows a link of the dictionary has what it shows."""
    state = {"sql": f"{MONTHS} -- 100% & more", "mark": "bar", "color": ""}
    with asking(browser, host, state) as visit:
        visit.settle()
        assert visit.page.locator("#query").input_value() == state["sql"]
        assert visit.page.locator("[name=mark]").input_value() == "bar"
        visit.page.get_by_label("Colour").select_option("subject_id")
        link = visit.page.get_by_role("link", name="Link to this question").get_attribute("href") or ""
        assert parse_qs(link[1:]) == {"sql": [state["sql"]], "mark": ["bar"], "color": ["subject_id"]}

        visit.page.locator("summary", has_text="source_status").click()
        visit.page.get_by_role("link", name="Show source_status").click()
        visit.settle()
        assert (visit.page.locator("#query").input_value(), len(visit.rows())) == ("from source_status", 5)
        assert visit.said == []


def test_the_keyboard_is_enough(browser: Browser, host: Host) -> None:
    """Tab leaves the editor, and the buttons follow it."""
    with asking(browser, host) as visit:
        visit.page.locator("#query").focus()
        visit.page.keyboard.press("Tab")
        expect(visit.page.get_by_role("button", name="Answer")).to_be_focused()
        visit.page.keyboard.press("Enter")
        visit.settle()
        assert len(visit.rows()) > 60


MISTAKES = {
    "select 1;\n\nselect nope": "LINE 3: select nope",
    "select 1 as a,\n  error('so')": "so",
    "select\n  ('x' || range)::integer from range(3)": "LINE 2:",
    "select to_json(1)": "extension json",
    "select now() + interval 1 day": "LINE 1",
    "select date_trunc('day', now())": "extension icu",
    "from read_csv('https://example.org/a.csv')": "file system operations are disabled",
    "copy subjects to 'a.csv'": "file system operations are disabled",
    "create table barometer.main.x as select 1": "read-only",
    "set memory_limit = '4GB'": "configuration has been locked",
    " -- nothing\n ;": "There is nothing to answer",
}


def test_a_mistake_is_told_with_its_place(browser: Browser, host: Host) -> None:
    """In the question as it was written; the next one is answered all the same."""
    with asking(browser, host) as visit:
        for sql, told in MISTAKES.items():
            visit.ask(sql)
            assert told in visit.mistake, sql
            assert "from (" not in visit.mistake and visit.page.locator(".answer").is_hidden()
        visit.ask("select 1 as one")
        assert (visit.mistake, visit.rows()) == ("", [["1"]])
        assert host.bytes_of("duckdb.wasm.gz") > 0


STATEMENTS = {
    "set variable metric = 'pypi_downloads'; select getvariable('metric') as metric": [["pypi_downloads"]],
    "select getvariable('metric') as metric": [["null"]],  # what one question sets, the next does not find
    'select 1 as a, 2 as a, \';\' as "b""c"; -- end; here': [["1", "2", ";"]],
    "values (null, 170141183460469231731687303715884105727, [1, null], {'a': date '2020-02-29'})": [
        ["null", "170141183460469231731687303715884105727", "[1, NULL]", "{'a': 2020-02-29}"]
    ],
    "pivot (select 1 as a, 'x' as b, 2 as c) on b using sum(c)": [["1", "2"]],
    "describe select 1 as one": [["one", "INTEGER", "YES", "null", "null", "null"]],
    "select count(*) from range(10) where range > 99": [["0"]],
    "from subjects where false": [],
}


def test_whatever_is_a_statement_is_answered(browser: Browser, host: Host) -> None:
    """With the texts that DuckDB writes; null is not zero, and no rows are no mistake."""
    with asking(browser, host) as visit:
        for sql, rows in STATEMENTS.items():
            visit.ask(sql)
            assert (visit.mistake, visit.rows()) == ("", rows), sql
        visit.ask("explain select 42")
        assert "PROJECTION" in visit.rows()[0][1] and visit.page.locator(".drawn").is_hidden()
        visit.ask("select range as n, '=1+1' as formula, -range as below from range(60000)")
        assert len(visit.rows()) == 500
        assert visit.csv()[2] == ["1", "'=1+1", "-1"] and len(visit.csv()) == 50_001
        assert "There are more" in visit.page.locator(".answer .size").inner_text()


HOSTILE = "<img src=x onerror=alert(1)>"


def test_hostile_texts_stay_text(browser: Browser, host: Host) -> None:
    """In cells, names of columns, mistakes, labels, and in what a pointer brings up."""
    sql = f"""
        select name as "{HOSTILE}", reason, 1.5 as "value.[0]\\'{chr(10)}"
        from subjects cross join source_status
    """
    with asking(browser, host, {"sql": sql, "color": "reason"}) as visit:
        visit.settle()
        assert (visit.mistake, visit.page.locator("figcaption").inner_text(), visit.said) == ("", "", [])
        assert HOSTILE in visit.page.locator(".rows thead").inner_text()
        assert any(HOSTILE in cell for row in visit.rows() for cell in row)
        bars = visit.page.locator(".live svg .mark-rect path")
        bars.first.hover(force=True)  # several lie on each other
        tooltip = visit.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert HOSTILE in tooltip.inner_text()
        visit.ask(f"select error('{HOSTILE}')")
        assert HOSTILE in visit.mistake
        assert (visit.page.locator("img").count(), visit.said[1:]) == (0, [])


def test_a_long_question_is_stopped(browser: Browser, host: Host) -> None:
    """And the next one answered, by an engine that begins anew."""
    with asking(browser, host) as visit:
        visit.page.locator("#query").fill(
            "select sum(sqrt(a.range * b.range)) from range(1000000) a, range(1000000) b"
        )
        visit.page.get_by_role("button", name="Answer").click()
        expect(visit.page.locator(".progress")).to_have_text("Answering", timeout=60_000)
        visit.page.get_by_role("button", name="Stop").click()
        visit.settle()
        assert "Stopped" in visit.mistake
        visit.ask("select 1 as one")
        assert visit.rows() == [["1"]]


def test_no_other_host_is_asked(browser: Browser, host: Host) -> None:
    """The page's policy refuses it to the page and to the engine's worker alike."""
    elsewhere = "http://127.0.0.2:9/"
    with asking(browser, host) as visit:
        visit.ask("select 1 as one")
        refused = "address => fetch(address).then(() => 'answered', () => 'refused')"
        assert visit.page.evaluate(refused, elsewhere) == "refused"
        worker = f"""(async () => {{
            const text = "fetch('{elsewhere}').then(() => postMessage('answered'))"
                + ".catch(() => postMessage('refused'))";
            const worker = new Worker(URL.createObjectURL(new Blob([text], {{ type: 'text/javascript' }})));
            return new Promise(resolve => {{ worker.onmessage = ({{ data }}) => resolve(data); }});
        }})"""
        assert visit.page.evaluate(worker) == "refused"
        assert all("Content Security Policy" in text for text in visit.said)
        assert len(visit.said) >= 2


def test_what_no_engine_can_do_is_said(browser: Browser, asking_site: Path, host: Host) -> None:
    """From a folder: how to serve it; without scripts: where else to ask. The dictionary stands in both."""
    with visiting(browser, asking_site, "ask") as visit:
        told = visit.page.locator(".from-disk").inner_text()
        assert f"cd {asking_site}" in told and "python3 -m http.server" in told
        assert visit.page.locator("#query").is_hidden()
        assert (visit.said, violations(visit.page), visit.overflow()) == ([], [], 0)
    with asking(browser, host, java_script_enabled=False) as visit:
        assert "barometer sql" in visit.page.locator("main").inner_text()
        assert visit.page.locator("#query").is_hidden() and visit.page.locator(".find").is_hidden()
        assert visit.page.locator("summary", has_text="observations").is_visible()


def test_a_file_of_a_newer_engine_is_told(
    browser: Browser, packages: Path, drawing_cache: Path, make: Any, tmp_path: Path
) -> None:
    """With the version of the one that is here: DuckDB reads no file that is stored as a later one stores."""
    newer = make.write_published(tmp_path / "barometer.duckdb", make.usual_tables())
    build_site(newer, tmp_path / "site", cache=drawing_cache, packages=packages)
    with hosting(tmp_path / "site") as running, asking(browser, running) as visit:
        visit.ask("select 1")
        assert "cannot be read by the engine of this page, DuckDB v1.4.3" in visit.mistake
        assert "as DuckDB 1.0 stores" in visit.mistake


def test_on_paper(browser: Browser, host: Host) -> None:
    """Question, chart and every row shown are printed; what only a screen can use is not."""
    with asking(browser, host, {"sql": MONTHS}) as visit:
        visit.page.locator(".live svg").wait_for()
        visit.page.emulate_media(media="print")
        visit.page.set_viewport_size({"width": 720, "height": 900})
        assert visit.page.locator("#query").is_visible() and visit.page.locator(".live svg").is_visible()
        for part in (".dictionary", ".run", ".drawn .controls", ".answer button"):
            assert visit.page.locator(part).first.is_hidden(), part
        hidden = "box => box.scrollHeight - box.clientHeight"
        assert visit.page.locator(".answer .scroll").evaluate(hidden) == 0
        assert visit.overflow() == 0


def test_the_dictionary_is_searched(browser: Browser, host: Host) -> None:
    """By names and by what they mean; groups without a hit are not shown."""
    with asking(browser, host) as visit:
        visit.page.get_by_label("Find").fill("LATEST(")
        shown = visit.page.locator(".dictionary .entry:visible summary")
        assert shown.all_inner_texts() == ["latest(metric)"]
        visit.page.get_by_label("Find").fill("")
        assert visit.page.locator(".dictionary .entry:visible").count() > 20
