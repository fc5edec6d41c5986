"""The pages as a reader has them: from a folder, in a real browser, on a desk and on a phone."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.reports.chromium import CHROMIUM, DESK, PHONE, Visit, violations, visiting

# Every page, with how many of its charts are seen at once: of several ways to look at one thing one is shown.
SEEN = {
    "index": 4,
    "claims": 0,
    "adoption": 2,
    "community": 5,
    "interest": 2,
    "subject-pytorch": 9,
    "subject-tensorflow": 9,
    "compare": 6,
    "quality": 0,
    "methodology": 0,
    "data": 0,
}
ALL = {"adoption": 4, "community": 10, "interest": 8, "compare": 12}
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: name one in CHROMIUM or put one on the path"
)


class Host(SimpleHTTPRequestHandler):
    """A host that has the site at /b/, and its page for what is not there."""

    def translate_path(self, path: str) -> str:
        """Leave out where the site begins."""
        return super().translate_path(path.removeprefix("/b"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page."""
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("viewport, scheme", [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_what_is_not_there_is_told_in_any_folder(
    browser: Browser, usual_site: Path, viewport: dict[str, int], scheme: str
) -> None:
    """With the site's style and its links, at whatever depth it was asked for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(usual_site))) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        visit = Visit(context.new_page(), f"http://127.0.0.1:{host.server_port}/b/no/such/page")

        expect(visit.page.locator("h1")).to_have_text("There is no such page")
        assert (violations(visit.page), visit.overflow()) == ([], 0)
        visit.page.locator("main a", has_text="Compare").click()
        expect(visit.page.locator("h1")).to_contain_text("How do two of them compare")
        assert [said for said in visit.said if "404" not in said] == []
        context.close()
        host.shutdown()


@pytest.mark.parametrize("viewport, scheme", [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
@pytest.mark.parametrize("name", SEEN)
def test_a_page_from_a_folder(
    browser: Browser, usual_site: Path, name: str, viewport: dict[str, int], scheme: str
) -> None:
    """Charts become interactive; nothing is said, asked elsewhere, unreadable, or wider than the window."""
    with visiting(browser, usual_site, name, viewport, color_scheme=scheme) as visit:
        visit.see_all(SEEN[name])

        assert visit.page.locator(".plot[data-live]:visible svg").count() == SEEN[name]
        assert violations(visit.page) == []
        for width in (320, 800, 2560):
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.overflow() == 0, width
        assert visit.said == []
        assert all(url.startswith((usual_site.as_uri(), "data:")) for url in visit.asked)


@pytest.mark.parametrize("name", ["index", "adoption", "interest", "subject-jax", "compare", "quality"])
def test_a_page_in_trouble(browser: Browser, troubled_site: Path, name: str) -> None:
    """Four subjects, a source stale, one failed and one never asked: the page is as sound as any."""
    with visiting(browser, troubled_site, name, PHONE, color_scheme="light") as visit:
        visit.see_all(visit.page.locator(".plot:visible").count())

        assert (visit.said, violations(visit.page), visit.overflow()) == ([], [], 0)


@pytest.mark.parametrize("name", ["index", "community", "data"])
def test_a_page_without_figures(browser: Browser, empty_site: Path, name: str) -> None:
    """Before anything has been collected the page is sound, and the first says what to do."""
    with visiting(browser, empty_site, name, color_scheme="dark") as visit:
        assert (visit.said, violations(visit.page), visit.overflow()) == ([], [], 0)
        assert name != "index" or "barometer demo" in visit.page.inner_text("main")


def test_open_tables_stay_inside_a_phone(browser: Browser, usual_site: Path) -> None:
    """A table or a query that is wider than the screen scrolls by itself."""
    with visiting(browser, usual_site, "community", {"width": 320, "height": 700}) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")

        assert visit.page.locator("details table:visible").count() == SEEN["community"]
        assert visit.overflow() == 0
        assert violations(visit.page) == []


@pytest.mark.parametrize("name", ALL)
def test_a_page_without_scripts(browser: Browser, usual_site: Path, name: str) -> None:
    """With JavaScript off a picture of every chart is shown, all ways to look at it, and its table opens."""
    with visiting(browser, usual_site, name, PHONE, java_script_enabled=False) as visit:
        for further in visit.page.locator(".further > summary").all():
            further.click()
        assert visit.page.locator(".plot:visible :is(svg, img)").count() == ALL[name]
        assert visit.page.locator(".controls:visible").count() == 0
        visit.page.locator("summary").first.click()
        assert visit.page.locator("details table:visible").count() == 1


@pytest.mark.parametrize("name", ALL)
def test_paper_has_every_chart(browser: Browser, usual_site: Path, name: str) -> None:
    """In print all ways to look at a thing stand below each other, and nothing asks to be pressed."""
    with visiting(browser, usual_site, name, color_scheme="dark") as visit:
        visit.page.emulate_media(media="print")

        assert visit.page.locator(".plot:visible :is(svg, img)").count() == ALL[name]
        assert visit.page.locator("button:visible, input:visible").count() == 0
        assert visit.page.pdf().startswith(b"%PDF")
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"


def test_nothing_moves_when_charts_come_alive(browser: Browser, usual_site: Path) -> None:
    """The live chart takes exactly the place of the picture."""
    places = (
        "[...document.querySelectorAll('figure, .plot')].map(e => JSON.stringify(e.getBoundingClientRect()))"
    )
    with visiting(browser, usual_site, "community") as visit:
        before = visit.page.evaluate(places)
        visit.see_all(SEEN["community"])
        visit.page.evaluate("scrollTo(0, 0)")

        assert visit.page.evaluate(places) == before


def values_at_the_side(visit: Visit, key: str) -> list[str]:
    """Return the labels of a chart's vertical axis, from below."""
    axis = visit.page.locator(f"#{key} .plot[data-live]:visible .role-axis-label").last
    return axis.locator("text").all_text_contents()


def test_scale_part_and_lines_are_chosen_and_kept_in_the_address(browser: Browser, usual_site: Path) -> None:
    """What a reader chooses changes the chart and the address; the address alone brings it back."""
    chart = "#github_stars_total .plot.wide"
    with visiting(browser, usual_site, "community#github_stars_total") as visit:
        page, figure = visit.page, visit.page.locator("#github_stars_total")
        visit.see_all(1)
        linear = values_at_the_side(visit, "github_stars_total")
        figure.get_by_label("Log").check()
        page.wait_for_function("() => location.hash === '#github_stars_total?scale=log'")
        page.wait_for_function(
            "([chart, labels]) => !document.querySelector(chart).textContent.includes(labels)",
            arg=["#github_stars_total .plot.wide", linear[-1]],
        )
        figure.get_by_label("From").fill("12")
        figure.get_by_role("checkbox", name="TensorFlow").uncheck()
        page.wait_for_function("() => location.hash.endsWith('without=tensorflow')")

        assert re.search(r"\?scale=log&from=2024-0[1-3]&without=tensorflow$", page.url)
        assert figure.get_by_role("button", name="Reset").is_enabled()
        address = page.url

    with visiting(browser, usual_site, f"community#{address.partition('#')[2]}") as again:
        again.see_all(1)
        again.page.wait_for_function(
            "chart => !document.querySelector(chart).textContent.includes('TensorFlow')", arg=chart
        )
        figure = again.page.locator("#github_stars_total")
        assert figure.get_by_label("Log").is_checked()
        assert not figure.get_by_role("checkbox", name="TensorFlow").is_checked()
        figure.get_by_role("button", name="Reset").click()
        again.page.wait_for_function("() => location.hash === '#github_stars_total'")
        again.page.wait_for_function(
            "([chart, label]) => document.querySelector(chart).textContent.includes(label)",
            arg=["#github_stars_total .plot.wide", linear[-1]],
        )
        assert values_at_the_side(again, "github_stars_total") == linear
        assert again.said == []


def test_a_view_can_be_chosen_by_years_linked_and_embedded(browser: Browser, usual_site: Path) -> None:
    """A preset shows the last year and how lines moved in it; Link has that view; alone it is one figure."""
    with visiting(browser, usual_site, "community#github_forks_total") as visit:
        page, figure = visit.page, visit.page.locator("#github_forks_total")
        visit.see_all(1)
        assert figure.locator(".moved").text_content() == ""
        assert figure.get_by_role("button", name="5 years").count() == 0  # there are not so many
        figure.get_by_role("button", name="1 year").click()
        expect(figure.locator(".moved")).to_contain_text("From the first to the last in view: PyTorch +")
        figure.locator(".link").click()
        assert re.search(r"#github_forks_total\?from=2024-\d\d$", page.url)
        view = page.url.partition("#")[2]
        figure.locator(".embed summary").click()
        expect(figure.locator(".embed code")).to_contain_text(f"?only=github_forks_total#{view}")
        expect(figure.locator(".embed code")).to_contain_text("pictures/community-github_forks_total.svg")
        assert (violations(page), visit.said) == ([], [])

    with visiting(browser, usual_site, "community") as alone:
        alone.page.goto(f"{alone.page.url}?only=github_forks_total#{view}")
        expect(alone.page.locator("#github_forks_total .moved")).to_contain_text("PyTorch +")
        assert alone.page.locator("figure:visible").count() == 1
        assert not alone.page.locator("h1").is_visible() and not alone.page.locator("footer").is_visible()
        assert (alone.overflow(), alone.said) == (0, [])


def test_a_line_is_smoothed_over_what_is_known_of_a_whole_year(browser: Browser, usual_site: Path) -> None:
    """Each figure is the mean of a year of neighbours; where one of them is missing there is none."""
    with visiting(browser, usual_site, "adoption#pypi_downloads") as visit:
        figure = visit.page.locator("#pypi_downloads")
        visit.see_all(1)
        figure.get_by_label("Mean of 12 months").check()
        visit.page.wait_for_function("() => location.hash === '#pypi_downloads?mean=12'")
        drawn = visit.page.evaluate(
            "() => { const {datasets, facts} = drawings[document.querySelector('#pypi_downloads .chart')"
            ".dataset.drawing]; return [datasets.lines, seenOf(datasets, facts, {smooth: 12})]; }"
        )
        assert (
            "Mean of 12 months; a pointer shows figures as counted." in figure.locator(".moved").inner_text()
        )
        visit.page.emulate_media(media="print")
        expect(figure.locator(".plot[data-live]:visible")).to_contain_text("a month, mean of 12 months")
        assert visit.said == []
    counted, seen = drawn
    lines: dict[tuple[str, int], list[dict[str, float]]] = {}
    for row in counted:
        lines.setdefault((row["subject"], row["segment"]), []).append(row)
    assert max(map(len, lines.values())) > 12 and len(lines) > 2, "some are too short"
    expected = [
        (subject, rows[at]["day"], pytest.approx(sum(row["value"] for row in rows[at - 11 : at + 1]) / 12))
        for (subject, _), rows in lines.items()
        for at in range(11, len(rows))
        if not rows[at]["dashed"]
    ]
    assert [(row["subject"], row["day"], row["value"]) for row in seen["lines"]] == expected
    assert (seen["bands"], seen["unusual"]) == ([], [])


def test_a_range_across_a_break_tells_no_change(browser: Browser, troubled_site: Path) -> None:
    """Figures that were counted in two ways are not compared by the script either."""
    with visiting(browser, troubled_site, "community#github_forks_total") as visit:
        figure = visit.page.locator("#github_forks_total")
        visit.see_all(1)
        facts = visit.page.evaluate(
            "() => drawings[document.querySelector('#github_forks_total .chart').dataset.drawing].facts"
        )
        figure.get_by_label("From").fill("1")
        told = "Counted in two ways" if facts["breaks"] else "From the first"
        expect(figure.locator(".moved")).to_contain_text(told)


def names_at_the_lines(visit: Visit) -> set[str]:
    """Return the names at the ends of the lines of the first chart."""
    texts = visit.page.locator("#pypi_downloads .plot[data-live]:visible text")
    return set(texts.filter(has_text="Rival").all_text_contents())


@pytest.mark.parametrize("viewport", [DESK, {"width": 360, "height": 800}], ids=["desk", "phone"])
def test_of_many_lines_a_reader_chooses(
    browser: Browser, crowded_site: Path, viewport: dict[str, int]
) -> None:
    """Eight of twenty-four are drawn at first; another is asked for, and the address brings it back."""
    eight = {f"Rival {n}" for n in range(22, 30)}
    with visiting(browser, crowded_site, "adoption", viewport, color_scheme="light") as visit:
        visit.see_all(1)
        figure, page = visit.page.locator("#pypi_downloads"), visit.page
        assert names_at_the_lines(visit) == eight
        assert figure.get_by_role("checkbox").count() == 24
        assert figure.get_by_role("button", name="Reset").is_disabled()
        assert "8 of 24 lines drawn at first" in figure.inner_text()
        assert (violations(page), visit.overflow()) == ([], 0)

        figure.get_by_role("checkbox", name="Rival 9", exact=True).check()
        expect(page.locator("#pypi_downloads .plot[data-live]:visible")).to_contain_text("Rival 9")
        assert names_at_the_lines(visit) == eight | {"Rival 9"}
        address = page.url.partition("#")[2]
        figure.get_by_role("button", name="Reset").click()
        expect(page.locator("#pypi_downloads .plot[data-live]:visible")).not_to_contain_text("Rival 9")
        assert visit.said == []

    with visiting(browser, crowded_site, f"adoption#{address}", viewport) as again:
        again.see_all(1)
        assert names_at_the_lines(again) == eight | {"Rival 9"}


@pytest.mark.parametrize("viewport", [DESK, {"width": 360, "height": 800}], ids=["desk", "phone"])
def test_the_table_of_all(browser: Browser, crowded_site: Path, viewport: dict[str, int]) -> None:
    """Every page leads to it, it stays inside its window, and it is searched by name."""
    with visiting(browser, crowded_site, "adoption", viewport, color_scheme="light") as visit:
        visit.page.get_by_role("link", name="All of them").click()
        shown = visit.page.locator("tbody tr:visible th")
        expect(shown).to_have_count(25)
        find = visit.page.get_by_role("searchbox", name="Find")
        find.fill("rival 2")
        expect(shown).to_have_text(["Rival 29", *(f"Rival {n}" for n in range(28, 19, -1)), "Rival 2"])
        expect(visit.page.locator(".find output")).to_have_text("11 of 30")
        assert (visit.said, violations(visit.page), visit.overflow()) == ([], [], 0)
        find.fill("")
        expect(shown).to_have_count(25)
        visit.page.get_by_role("button", name="Show all 30").click()
        expect(shown).to_have_count(30)


def test_dragging_across_a_chart_looks_closer(browser: Browser, usual_site: Path) -> None:
    """A stretch that is dragged across becomes the part that is shown; a double click shows the whole."""
    with visiting(browser, usual_site, "community") as visit:
        visit.see_all(SEEN["community"])
        chart = visit.page.locator("#github_forks_total .plot[data-live]:visible svg")
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        visit.page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        visit.page.mouse.down()
        visit.page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=3)
        visit.page.mouse.up()

        visit.page.wait_for_function("() => location.hash.startsWith('#github_forks_total?from=')")
        # The part is drawn after it is told: two clicks on two drawings would be no double click.
        visit.page.wait_for_function(
            "chart => /[A-Z][a-z]{2} 20/.test(document.querySelector(chart).textContent)",
            arg="#github_forks_total .plot.wide",
        )
        chart.dblclick()
        visit.page.wait_for_function("() => location.hash === '#github_forks_total'")
        assert visit.said == []


def test_the_ways_to_look_at_it_work_by_keyboard(browser: Browser, usual_site: Path) -> None:
    """From the top by Tab alone: past the frame, to another way to look, and to another scale there."""
    with visiting(browser, usual_site, "adoption") as visit:
        visit.see_all(SEEN["adoption"])
        visit.page.evaluate("scrollTo(0, 0)")
        visit.page.keyboard.press("Tab")
        assert visit.page.locator(":focus").inner_text() == "Skip to the content"
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Tab")
        assert visit.page.locator(":focus").inner_text() == "Share"
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_function("() => location.hash === '#downloads_share'")

        visit.page.locator("#downloads_share").wait_for(state="visible")
        assert not visit.page.locator("#pypi_downloads").is_visible()
        visit.page.locator("#downloads_share input[name=from]").focus()
        visit.page.keyboard.press("ArrowRight")
        visit.page.wait_for_function("() => location.hash === '#downloads_share?from=2023-02'")


def test_a_pair_is_chosen_for_all_charts(browser: Browser, troubled_site: Path) -> None:
    """Where more than two are compared, choosing two leaves the others out of every chart."""
    with visiting(browser, troubled_site, "compare") as visit:
        visit.see_all(6)
        first, second = visit.page.locator(".pair select").all()
        first.select_option("jax")
        second.select_option("pytorch")

        visit.page.wait_for_function(
            "() => !document.querySelector('#github_stars_total .plot.wide').textContent.includes('Keras')"
        )
        shown = visit.page.locator("#github_stars_total .plot.wide").text_content() or ""
        assert "JAX" in shown and "PyTorch" in shown and "TensorFlow" not in shown
        assert visit.said == []


@pytest.mark.parametrize("scheme, other", [("light", "dark"), ("dark", "light")])
def test_the_theme_follows_preference_and_switch(
    browser: Browser, usual_site: Path, scheme: str, other: str
) -> None:
    """Lines take the subject's colour of the theme; the switch turns it, and the next page keeps that."""
    colors = {"light": "rgb(213, 94, 0)", "dark": "rgb(255, 138, 60)"}
    with visiting(browser, usual_site, "community", color_scheme=scheme) as visit:
        line = visit.page.locator("#github_forks_total .plot.wide path[stroke='var(--s1)']").first
        expect(line).to_have_css("stroke", colors[scheme])
        visit.page.get_by_role("button", name="Dark or light").click()
        expect(line).to_have_css("stroke", colors[other])
        visit.page.reload()
        expect(line).to_have_css("stroke", colors[other])


def test_a_pointer_brings_up_the_figures(browser: Browser, usual_site: Path) -> None:
    """Over a month the chart tells the month and the figure of every subject."""
    with visiting(browser, usual_site, "interest") as visit:
        visit.see_all(SEEN["interest"])
        chart = visit.page.locator("#google_trends_interest .plot[data-live] svg")
        chart.scroll_into_view_if_needed()
        chart.hover(position={"x": 300, "y": 150})

        tooltip = visit.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert "PyTorch\t40 (sample data)" in tooltip.inner_text()
        assert "TensorFlow\t20 (sample data)" in tooltip.inner_text()


def test_the_other_width_comes_alive_when_turned(browser: Browser, usual_site: Path) -> None:
    """When the window narrows, the narrow drawing is shown and becomes interactive too."""
    with visiting(browser, usual_site, "adoption") as visit:
        visit.see_all(SEEN["adoption"])
        visit.page.set_viewport_size(PHONE)
        visit.see_all(2 * SEEN["adoption"])

        assert visit.page.locator(".plot.narrow[data-live]:visible").count() == SEEN["adoption"]
        assert visit.said == []


def test_one_file_has_every_page(browser: Browser, usual_site: Path, tmp_path: Path) -> None:
    """The single file works far from the site: charts come alive, links lead to its own parts."""
    shutil.copy(usual_site / "barometer.html", tmp_path / "barometer.html")
    with visiting(browser, tmp_path, "barometer") as visit:
        visit.page.get_by_role("navigation", name="Pages", exact=True).get_by_text("Adoption").click()
        visit.page.locator("#adoption--pypi_downloads .plot[data-live]").first.wait_for()
        targets = visit.page.locator("a[href^='#']").evaluate_all(
            "links => links.map(link => link.hash.slice(1))"
        )
        missing = visit.page.evaluate("ids => ids.filter(id => !document.getElementById(id))", targets)
        others = visit.page.locator("a[href]:not([href^='#']):not([href^='http'])").count()

        assert (missing, others, visit.said) == ([], 0, [])
        assert {url.partition("#")[0] for url in visit.asked} == {(tmp_path / "barometer.html").as_uri()}
        assert violations(visit.page, runOnly=["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]) == []


def test_hostile_names_stay_text(browser: Browser, hostile_site: Path) -> None:
    """A subject's name with markup in it is drawn, and told by a pointer, as the text it is."""
    with visiting(browser, hostile_site, "interest") as visit:
        visit.see_all(SEEN["interest"])
        chart = visit.page.locator("#google_trends_interest .plot[data-live] svg")
        chart.scroll_into_view_if_needed()
        chart.hover(position={"x": 300, "y": 150})
        visit.page.locator("#vg-tooltip-element.visible").wait_for()

        assert visit.page.locator("img:not([src^='charts/'])").count() == 0
        assert "<img src=x onerror=alert(1)>" in visit.page.locator("#vg-tooltip-element").inner_text()
        assert visit.said == []


@pytest.mark.parametrize("name", ["index", "adoption", "subject-first", "compare", "quality", "data", "404"])
def test_hostile_text_widens_no_page(browser: Browser, hostile_site: Path, name: str) -> None:
    """Words without an end, in headings, findings, tables and lists: a phone and a desk keep their width."""
    with visiting(browser, hostile_site, name, {"width": 360, "height": 800}) as visit:
        visit.see_all(visit.page.locator(".plot:visible").count())
        visit.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        for width in (360, 1280):
            visit.page.set_viewport_size({"width": width, "height": 800})
            assert visit.overflow() == 0, width
        assert visit.said == []


@contextmanager
def visiting_on(browser: Browser, site: Path, page: str, at: datetime, **rest: Any) -> Iterator[Visit]:
    """Open a page at a moment, by the clock of the browser."""
    context = browser.new_context(viewport=DESK, **rest)
    context.clock.set_fixed_time(at)
    try:
        yield Visit(context.new_page(), (site / f"{page}.html").as_uri())
    finally:
        context.close()


BUILT, MONTHS_LATER = datetime(2025, 8, 6, 12, tzinfo=UTC), datetime(2025, 12, 6, 12, tzinfo=UTC)


def data_of(visit: Visit, measure: str) -> Locator:
    """Return the cell that tells how old a measure's figures are."""
    return visit.page.locator(".agreement tbody tr", has_text=measure).first.locator(".state")


def test_a_page_ages_by_the_clock_of_who_opens_it(browser: Browser, troubled_site: Path) -> None:
    """Built that day it is as it was built; months later it says on top what has gone stale."""
    with visiting_on(browser, troubled_site, "index", BUILT) as visit:
        assert not visit.page.locator(".aging").is_visible()
        expect(data_of(visit, "Stars in total")).to_have_text("5 days old, fresh")
    with visiting_on(browser, troubled_site, "index", MONTHS_LATER) as visit:
        assert visit.page.locator(".aging p").inner_text().split("\n") == [
            "Built 4 months ago, on 6 August 2025, and not since. Older by now than it should be: "
            "GitHub, stale Python package index, stale Wikipedia, stale"
        ]
        expect(data_of(visit, "Stars in total")).to_have_text("4 months old, stale")
        expect(data_of(visit, "Stars in total")).to_have_class("state stale")
        expect(visit.page.locator(".agreement tr.grey", has_text="Stars in total")).to_have_count(1)
        assert violations(visit.page) == []
        visit.page.emulate_media(media="print")
        assert visit.page.locator(".as-of").inner_text() == "As of 6 August 2025, seen on 6 December 2025"
        assert visit.said == []
    with visiting_on(browser, troubled_site, "quality", MONTHS_LATER) as visit:
        row = visit.page.locator(".sources tr", has_text="Wikipedia")
        assert row.locator("td").all_inner_texts()[:3] == ["stale", "5 August 2025", "123 days"]
        assert "Ages are counted from 6 December 2025." in visit.page.inner_text("main")


def test_without_scripts_a_page_says_of_which_day_it_is(browser: Browser, troubled_site: Path) -> None:
    """Days instead of ages, and no word on what has become of it since."""
    with visiting(browser, troubled_site, "index", java_script_enabled=False) as visit:
        assert visit.page.locator(".as-of").inner_text() == "As of 6 August 2025"
        assert not visit.page.locator(".aging").is_visible()
        expect(data_of(visit, "Stars in total")).to_have_text("1 August 2025, fresh")
        assert "As of 6 August 2025, two of five sources are fresh" in visit.page.inner_text("main")


def test_the_demo_has_a_clock_of_its_own(browser: Browser, usual_site: Path) -> None:
    """However late it is opened, its sample of the past is as old as it says that it is."""
    with visiting_on(browser, usual_site, "index", MONTHS_LATER) as visit:
        assert visit.page.locator(".aging").count() == 0
        assert "Its clock stands at 6 August 2025, 06:00 UTC: ages are counted" in visit.page.inner_text(
            ".demo"
        )
        expect(data_of(visit, "Stars in total")).to_have_text("5 days old, fresh")
        expect(data_of(visit, "Questions")).to_have_text("26 months old, stale")


def test_a_page_from_a_server(browser: Browser, usual_site: Path) -> None:
    """Served over HTTP the pages are the same: no complaint, and no request off the site."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(usual_site)))
    Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    context = browser.new_context(viewport=DESK)

    visit = Visit(context.new_page(), f"{home}index.html")
    visit.see_all(SEEN["index"])

    assert visit.said == []
    assert all(url.startswith((home, "data:")) for url in visit.asked)
    context.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("part", ["more_used", "more_used-2024"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_address_of_a_claim_opens_it(
    browser: Browser, usual_site: Path, part: str, scripts: bool
) -> None:
    """On a phone, too; what is opened is readable, and stays inside of it; without, all rows are closed."""
    phone = {"width": 360, "height": 800}
    with visiting(browser, usual_site, f"claims#{part}", phone, java_script_enabled=scripts) as visit:
        assert visit.page.locator("details.claim[open]").count() == 1
        expect(visit.page.locator(f"#{part}")).to_be_in_viewport()
        if scripts:
            assert (visit.overflow(), violations(visit.page), visit.said) == (0, [], [])
    with visiting(browser, usual_site, "claims") as visit:
        assert visit.page.locator("details.claim[open]").count() == 0
        visit.page.emulate_media(media="print")
        assert visit.page.locator(f"#{part}").is_visible()
