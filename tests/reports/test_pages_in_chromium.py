"""The pages as a reader has them: from a folder, in a real browser, on a desk and on a phone."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from reports.site import build_site

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = {"index": 4, "adoption": 4, "community": 5}
HOSTILE = "<img src=x onerror=alert(1)>"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: name one in CHROMIUM or put one on the path"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """A page that was opened and scrolled through, with everything it said and asked for on the way."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def see_all(self, charts: int) -> None:
        """Scroll through the page until that many charts have become interactive."""
        shown = self.page.locator(".plot:visible")
        for index in range(shown.count()):
            shown.nth(index).scroll_into_view_if_needed()
        self.page.wait_for_function(
            "count => document.querySelectorAll('.plot[data-live]').length >= count",
            arg=charts,
            timeout=20_000,
        )


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_a_folder(browser: Browser, usual_site: Path, name: str, width: int) -> None:
    """Every chart becomes interactive; nothing is said, nothing asked elsewhere, nothing sticks out."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    visit = Visit(context, (usual_site / f"{name}.html").as_uri())

    visit.see_all(PAGES[name])

    assert visit.said == []
    assert all(url.startswith((usual_site.as_uri(), "data:")) for url in visit.asked)
    assert overflow(visit.page) == 0
    assert visit.page.locator(".plot[data-live] svg").count() == PAGES[name]
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_an_open_table_stays_inside_a_phone(browser: Browser, usual_site: Path, name: str) -> None:
    """A table that is wider than the screen scrolls by itself."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    visit = Visit(context, (usual_site / f"{name}.html").as_uri())

    visit.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")

    assert visit.page.locator("details table:visible").count() == PAGES[name]
    assert overflow(visit.page) == 0
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_scripts(browser: Browser, usual_site: Path, name: str, width: int) -> None:
    """With JavaScript off one picture of every chart is shown, and its table opens."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False)
    visit = Visit(context, (usual_site / f"{name}.html").as_uri())

    assert visit.page.locator(".plot:visible > svg").count() == PAGES[name]
    visit.page.locator("summary").first.click()
    assert visit.page.locator("details table:visible").count() == 1
    context.close()


def test_nothing_moves_when_charts_come_alive(browser: Browser, usual_site: Path) -> None:
    """The live chart takes exactly the place of the picture."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context, (usual_site / "community.html").as_uri())
    places = (
        "[...document.querySelectorAll('figure, .plot')].map(e => JSON.stringify(e.getBoundingClientRect()))"
    )
    before = visit.page.evaluate(places)

    visit.see_all(PAGES["community"])
    visit.page.evaluate("scrollTo(0, 0)")

    assert visit.page.evaluate(places) == before
    assert "live" not in "".join(before)
    context.close()


def test_a_pointer_brings_up_the_figures(browser: Browser, usual_site: Path) -> None:
    """Over a month the chart tells the month and the figure of every subject."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context, (usual_site / "adoption.html").as_uri())
    visit.see_all(PAGES["adoption"])
    chart = visit.page.locator("#google_trends_interest .plot[data-live] svg")
    chart.scroll_into_view_if_needed()

    chart.hover(position={"x": 300, "y": 150})

    tooltip = visit.page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert "PyTorch\t40 (sample data)" in tooltip.inner_text()
    assert "TensorFlow\t20 (sample data)" in tooltip.inner_text()
    context.close()


def test_the_other_width_comes_alive_when_turned(browser: Browser, usual_site: Path) -> None:
    """When the window narrows, the narrow drawing is shown and becomes interactive too."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context, (usual_site / "adoption.html").as_uri())
    visit.see_all(PAGES["adoption"])

    visit.page.set_viewport_size({"width": 390, "height": 900})
    visit.see_all(2 * PAGES["adoption"])

    assert visit.page.locator(".plot.narrow[data-live]:visible").count() == PAGES["adoption"]
    assert visit.said == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_follow_the_theme(browser: Browser, usual_site: Path, scheme: str) -> None:
    """Lines take the subject's colour of the theme."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    visit = Visit(context, (usual_site / "community.html").as_uri())

    line = visit.page.locator("#github_stars_total .plot.wide path[stroke='var(--s1)']").first

    expected = {"light": "rgb(213, 94, 0)", "dark": "rgb(255, 138, 60)"}[scheme]
    assert line.evaluate("line => getComputedStyle(line).stroke") == expected
    context.close()


def test_hostile_names_stay_text(browser: Browser, make: SimpleNamespace, tmp_path: Path) -> None:
    """A subject's name with markup in it is drawn, and told by a pointer, as the text it is."""
    tables = make.usual_tables("a", "b")
    tables["subjects"][0]["name"] = HOSTILE
    published = make.write_published(tmp_path / "barometer.duckdb", tables)
    build_site(published, tmp_path / "site")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context, (tmp_path / "site" / "adoption.html").as_uri())
    visit.see_all(PAGES["adoption"])
    chart = visit.page.locator("#google_trends_interest .plot[data-live] svg")
    chart.scroll_into_view_if_needed()

    chart.hover(position={"x": 300, "y": 150})
    visit.page.locator("#vg-tooltip-element.visible").wait_for()

    assert visit.page.locator("img").count() == 0
    assert HOSTILE in visit.page.locator("#vg-tooltip-element").inner_text()
    assert visit.said == []
    context.close()


def test_a_page_from_a_server(browser: Browser, usual_site: Path) -> None:
    """Served over HTTP the pages are the same: no complaint, and no request off the site."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(usual_site)))
    Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    visit = Visit(context, f"{home}index.html")
    visit.see_all(PAGES["index"])

    assert visit.said == []
    assert all(url.startswith((home, "data:")) for url in visit.asked)
    context.close()
    server.shutdown()
    server.server_close()
