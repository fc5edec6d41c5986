"""Every file of the site by its path: pages, assets, pictures, feeds, badges and the interface for programs.

A new page is a line in `pages_of`; a new kind of file is a method of `Press`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from reports.build.api import api_files, has_json
from reports.build.badges import Badge, badges
from reports.build.engine.files import Engine
from reports.build.feeds import feed_entries, json_feed
from reports.build.rendering import HERE, Inline, at_home, environment, from_root, in_one_file, inline
from reports.build.share_image import sheet
from reports.charts.colors import on_paper, subject_rules
from reports.charts.content import Content
from reports.charts.figure import FULL, Figure
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import Painters
from reports.charts.render import Drawing, draw
from reports.charts.weightings.draw import draw_weightings
from reports.data.asking import Asking
from reports.data.evidence import Evidence
from reports.data.series import figure_id_of
from reports.data.wording import span
from reports.findings.changes import REPORT, Changes
from reports.findings.weightings import Agreed
from reports.pages.ask import ask
from reports.pages.claims import claims
from reports.pages.compare import compare
from reports.pages.data import dictionary
from reports.pages.demo_notes import demo
from reports.pages.everyone import everyone
from reports.pages.kinds import kinds
from reports.pages.methodology import methodology
from reports.pages.overview import comparisons, overview
from reports.pages.page import Page
from reports.pages.quality import quality
from reports.pages.subject import subject_page
from reports.pages.tools import tools
from warehouse.published.saved_queries import saved_query

STYLE = Path("assets", "barometer.css")
SCRIPT = Path("assets", "barometer.js")
ICON = Path("assets", "favicon.svg")
ASK_STYLE = Path("assets", "ask.css")
ASK_SCRIPT = Path("assets", "ask.js")
CHARTS = Path("assets", "vega.js")
ASK_PARTS = ("engine", "chart", "page")
NOT_FOUND = Page(
    "404", "404.html.j2", "Not found", "There is no such page", "There is no such page here.", {}
)

Files: TypeAlias = Iterator[tuple[Path, str | bytes]]
Addressed: TypeAlias = Callable[[str], Mapping[str, Any]]


def pages_of(evidence: Evidence, changed: Changes, folder: Path) -> list[Page]:
    """Return the pages of the site in the order of its navigation."""
    measures = kinds(evidence)
    further = comparisons(evidence, changed, measures)
    return [
        overview(evidence, changed, measures, further),
        *further,
        *([claims(evidence, measures)] if evidence.claims else []),
        *([everyone(evidence)] if evidence.left_out else []),
        *measures,
        *([tools(evidence)] if evidence.tools else []),
        *(subject_page(evidence, subject) for subject in evidence.subjects),
        compare(evidence),
        quality(evidence, changed),
        methodology(evidence),
        dictionary(evidence, folder),
    ]


@dataclass(frozen=True)
class Press:
    """What the files of a site are made from."""

    evidence: Evidence
    changed: Changes
    folder: Path
    url: str
    cache: Cache
    painters: Painters
    asking: tuple[Asking, Engine] | None = None  # for a site that answers SQL
    corrections: str | None = None  # where a reader tells what is wrong with a chart
    drawings: dict[int, Drawing] = field(default_factory=dict)  # by the identity of what they show

    def files(self, single_file: bool) -> Files:
        """Yield every file of the site; what others put into its folder before stays there."""
        pages = [*_with_pictures([*pages_of(self.evidence, self.changed, self.folder), *self._ask()])]
        self._draw_charts(pages)
        charts = self._chart_pictures(pages)
        pictures = self._page_pictures(pages) | charts
        with ThreadPoolExecutor(2) as beside:  # other processes paint and bundle while this one writes
            painted = beside.submit(self.cache.get_all, "png", [*pictures.values()], self._as_png)
            bundled = beside.submit(self._script)
            yield from ((Path(file), script) for file, script in self._scripts().items())
            yield from ((Path(file), still) for file, still in self._stills(pages).items())
            bundled.result()
            yield from self._assets()
            yield from self._texts(pages, single_file)
            yield from ((Path(f"{name}.svg"), picture) for name, picture in charts.items())
            done = zip(pictures, painted.result(), strict=True)
        yield from ((Path(f"{name}.png"), png) for name, png in done)

    def _texts(self, pages: list[Page], single_file: bool) -> Files:
        for page in pages:
            yield Path(f"{page.name}.html"), self._page(page, pages)
        # It stands at whatever address is asked for, so it begins at the site's own, if that is known.
        anywhere = from_root(urlsplit(self.url).path) if self.url else at_home
        yield Path(f"{NOT_FOUND.name}.html"), self._page(NOT_FOUND, pages, anywhere)
        yield from self._feeds(pages)
        yield from self._badge_files()
        yield from api_files(self.evidence)
        yield REPORT, self.changed.text()
        if single_file:
            yield Path("barometer.html"), self._single(pages)

    def _assets(self) -> Files:
        yield STYLE, self._style()
        yield SCRIPT, self._script()
        yield ICON, _static("favicon.svg")
        if self.asking:
            yield ASK_STYLE, _static("ask.css")
            yield ASK_SCRIPT, _static("age.js", "theme_switch.js", *(f"ask/{name}.js" for name in ASK_PARTS))
            yield CHARTS, self._bundle("globalThis.vegaEmbed = vegaEmbed;")
            yield from self.asking[1].files()

    def _scripts(self) -> dict[str, str]:
        """Return what brings each chart to life, by its file."""
        return {drawing.file: drawing.script for drawing in self.drawings.values()}

    def _stills(self, pages: Sequence[Page]) -> dict[str, str]:
        """Return the pictures that stand in for charts which are not seen at first, by their file."""
        folded = (
            figure
            for page in pages
            for figure in (*page.sheets.further, *(one for one in page.figures if not one.is_first))
            if figure.content and figure.picture
        )
        drawings = {id(figure.content): self._draw(figure) for figure in folded}.values()
        return {
            drawing.still(which): on_paper(str(getattr(drawing, which)), self.evidence.subjects)
            for drawing in drawings
            for which in ("wide", "narrow")
        }

    def _ask(self) -> Iterator[Page]:
        if self.asking:
            asking, engine = self.asking
            yield ask(self.evidence, asking, engine.facts(self.folder))

    def _style(self) -> str:
        return _static("barometer.css") + subject_rules(self.evidence.subjects)

    def _script(self) -> str:
        text = _static("age.js", "theme_switch.js", "part.js", "barometer.js")
        return self._bundle(text)

    def _bundle(self, script: str) -> str:
        """Return a script with the libraries that draw charts."""
        return self.cache.get(
            "script", script, lambda: self.painters.paint("bundle", [script], 1)[0]
        ).decode()

    def _values(self, page: Page, pages: list[Page]) -> dict[str, Any]:
        """Return what a page's template and its frame are filled with."""
        shared = {
            "page": page,
            "pages": pages,
            "evidence": self.evidence,
            "demo": demo(self.evidence),
            "theme": inline("theme.js"),
            "site_url": self.url,
            "absolute": lambda path: f"{self.url}{path}",
            "draw": self._draw,
            "figure_id": self._newest_id,
            "has_json": lambda key: has_json(self.evidence.series(key)),
            "correct": partial(self._correction, page),
            "saved_query": lambda name: saved_query(name).sql,
            "draw_weightings": self._draw_weightings,
            "badges_of": lambda subject: self._badges[subject.subject_id],
        }
        return shared | dict(page.content)

    def _newest_id(self, key: str) -> str | None:
        """Return the id of a series' newest figure; None where there is none, or its figures have no ids."""
        last = (points[-1] for points in self.evidence.series(key).by_subject().values())
        newest = max(last, key=lambda point: point.first_day, default=None)
        return figure_id_of(key, newest.subject_id, newest.first_day) if newest else None

    def _correction(self, page: Page, figure: Figure) -> str | None:
        """Return the address at which a reader tells what is wrong with a chart; None where there is none."""
        if not self.corrections:
            return None
        told = {
            "chart": figure.title,
            "figure": figure.key,
            "page": f"{self.url}{page.name}.html#{figure.key}",
            "date": self.evidence.build.built_at.date().isoformat(),
        }
        return re.sub("{(.*?)}", lambda place: quote(told[place[1]], safe=""), self.corrections)

    def _page(self, page: Page, pages: list[Page], addressed: Addressed = at_home) -> str:
        values = self._values(page, pages) | dict(addressed(page.name))
        return environment().get_template(page.template).render(values)

    def _single(self, every: list[Page]) -> str:
        pages = [page for page in every if page.name != "ask"]  # a file alone has no engine beside it
        mains = [(page.name, Markup(self._page(page, pages, in_one_file))) for page in pages]
        # A style or script that stands in a page must not hold what ends it.
        script = Inline(Markup("\n" + self._script().replace("</script", "<\\/script") + "\n"))
        whole = {"mains": mains, "style": Inline(Markup(self._style())), "script": script}
        values = self._values(pages[0], pages) | dict(in_one_file(pages[0].name)) | whole
        return environment().get_template("single.html.j2").render(values)

    def _draw_charts(self, pages: list[Page]) -> None:
        figures = (figure for page in pages for figure in page.figures)
        drawn = {id(figure.content): (figure.content, figure.sizes) for figure in figures if figure.content}
        self.drawings.update(zip(drawn, draw([*drawn.values()], self.cache, self.painters), strict=True))

    def _draw(self, figure: Figure) -> Drawing:
        return self.drawings[id(figure.content)]

    def _draw_weightings(self, kinds: Sequence[Agreed]) -> tuple[Markup, Markup]:
        return draw_weightings(kinds, self.evidence.subjects, self.cache, self.painters)

    def _page_pictures(self, pages: list[Page]) -> dict[str, str]:
        """Return the picture of each page by its name, for those who share it."""
        firsts = [(page, next((one for one in page.figures if one.content), None)) for page in pages]
        return {f"pictures/{page.name}": self._picture(page.title, first) for page, first in firsts}

    def _chart_pictures(self, pages: list[Page]) -> dict[str, str]:
        """Return the picture of each chart that has one, by its name."""
        firsts: dict[str, Figure] = {}
        for figure in (figure for page in pages for figure in page.figures if figure.picture):
            firsts.setdefault(figure.picture or "", figure)
        return {name: self._picture(figure.title, figure) for name, figure in firsts.items()}

    def _picture(self, title: str, figure: Figure | None) -> str:
        if not figure:
            notes, svg = [self.evidence.build.question], ""
        else:
            drawing = self._draw(figure)
            source = " · ".join([*figure.caption, *([self.url] if self.url else [])])
            notes, svg = [source, *key_of(drawing)], str(drawing.wide)
        found = sheet(title, notes, svg, self.evidence.subjects)
        return environment().get_template("picture.svg.j2").render(sheet=found)

    def _as_png(self, pictures: Sequence[str]) -> list[bytes]:
        return self.painters.paint("png", pictures, len(pictures))

    def _feeds(self, pages: list[Page]) -> Files:
        values: Mapping[str, Any] = {
            "evidence": self.evidence,
            "entries": feed_entries(self.changed),
            "site_url": self.url,
            "pages": pages,
        }
        yield Path("feed.xml"), environment().get_template("feed.xml.j2").render(values)
        question = self.evidence.build.question
        yield Path("feed.json"), json_feed(self.changed, question, self.url)
        if self.url:  # the protocol wants whole addresses
            yield Path("sitemap.xml"), environment().get_template("sitemap.xml.j2").render(values)

    @cached_property
    def _badges(self) -> Mapping[str, Sequence[Badge]]:
        """The badges of each subject, by its id."""
        return {one.subject_id: badges(self.evidence, one) for one in self.evidence.subjects}

    def _badge_files(self) -> Files:
        for badge in chain.from_iterable(self._badges.values()):
            for path, name in ((badge.badge, "badge"), (badge.sparkline, "sparkline")):
                yield Path(path), environment().get_template(f"{name}.svg.j2").render(badge=badge)


def key_of(drawing: Drawing) -> Iterator[str]:
    """Yield what the numbers in a chart stand for, where it has numbers in place of names."""
    if drawing.numbered:
        for number, one in enumerate(drawing.annotations, 1):
            yield f"({number}) {span(one.first_day, one.last_day)}: {one.detail}"


def _static(*names: str) -> str:
    """Return files of `static`, one after the other."""
    return "".join((HERE / "static" / name).read_text(encoding="utf-8") for name in names)


def _with_pictures(pages: list[Page]) -> Iterator[Page]:
    """Yield the pages, whose full-size charts know their picture: one, whichever pages have the chart."""
    drawn: dict[str, list[tuple[Content, str]]] = defaultdict(list)
    for page in pages:
        figures = [_with_picture(page, figure, drawn[figure.key]) for figure in page.figures]
        yield replace(page, content={**page.content, "figures": figures}) if figures else page


def _with_picture(page: Page, figure: Figure, drawn: list[tuple[Content, str]]) -> Figure:
    if not figure.content or figure.sizes != FULL:
        return figure
    same = (picture for content, picture in drawn if content == figure.content)
    picture = next(same, f"pictures/{page.name}-{figure.key}")
    drawn.append((figure.content, picture))
    return replace(figure, picture=picture)
