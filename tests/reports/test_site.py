"""The site is whole or the last one stays; it escapes what others wrote; it says what is missing."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from reports.build.rendering import web_url
from reports.build.site import build_site
from reports.pages.data import examples
from warehouse.errors import ConfigurationError, NothingPublished
from warehouse.published.open import open_published

Tables = dict[str, list[dict[str, object]]]
Publish = Callable[[Tables], Path]

# Every page, with how many charts it has when every metric has figures, of PyTorch and TensorFlow.
CHARTS = {
    "index": 5,
    "claims": 0,
    "adoption": 4,
    "community": 10,
    "interest": 8,
    "subject-pytorch": 13,
    "subject-tensorflow": 9,
    "compare": 12,
    "quality": 0,
    "methodology": 0,
    "data": 0,
    "404": 0,
}
# The colours of the first two lines, where a picture stands alone.
LINES = ((1, "#d55e00"), (2, "#0072b2"))
PAGES = [f"{name}.html" for name in CHARTS]


def is_page(path: Path) -> bool:
    """Tell a page, with its style and script, from the tables beside it."""
    return path.parent.name != "data"


class Document(HTMLParser):
    """The elements of a page, with the text of its scripts left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def texts(site: Path) -> dict[str, str]:
    """Return the text of the files of a site by their path in it."""
    files = [path for path in site.rglob("*.*") if path.suffix not in (".png", ".parquet")]
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.fixture
def build(publish: Publish, tmp_path: Path, drawing_cache: Path) -> Callable[[Tables], dict[str, str]]:
    """Build the site of the tables given and return the text of its files by path."""

    def built(tables: Tables) -> dict[str, str]:
        build_site(publish(tables), tmp_path / "site", cache=drawing_cache)
        return texts(tmp_path / "site")

    return built


Build = Callable[[Tables], dict[str, str]]


@pytest.fixture
def usual(usual_site: Path) -> dict[str, str]:
    """The text of the files of the usual site by path."""
    return texts(usual_site)


def figure(page: str, key: str) -> str:
    """Return the markup of one figure."""
    start = page.index(f'id="{key}"')
    return page[start : page.index("</figure>", start)]


def drawn(files: dict[str, str], page: str, key: str) -> str:
    """Return the markup of one figure's chart: it stands in the page, or is a picture beside it."""
    shown = figure(files[page], key)
    picture = re.search(r'<img src="([^"]+\.svg)"', shown)
    return files[picture[1]] if picture else shown


def drop(tables: Tables, *metrics: str) -> None:
    """Take away every figure of some metrics."""
    tables["observations"] = [row for row in tables["observations"] if row["metric_id"] not in metrics]


def keep(tables: Tables, *metrics: str) -> None:
    """Take away every figure of all other metrics."""
    drop(tables, *({str(row["metric_id"]) for row in tables["metrics"]} - set(metrics)))


def test_all_files_are_returned(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """The files named are those in the folder, pages, pictures, feeds and the interface among them."""
    written = build_site(publish(make.usual_tables()), tmp_path / "site", cache=drawing_cache)

    names = {path.relative_to(tmp_path / "site").as_posix() for path in written}
    assert sorted(written) == sorted(path for path in (tmp_path / "site").rglob("*") if path.is_file())
    assert names > {*PAGES, "assets/barometer.css", "assets/barometer.js", "assets/favicon.svg"}
    assert names > {"feed.xml", "feed.json", "api/index.json", "api/schema.json", "api/report.json"}
    assert "sitemap.xml" not in names and "barometer.html" not in names


def test_a_failed_build_leaves_the_last_site(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """A published file that no page can be made of harms nothing that was there."""
    site = tmp_path / "site"
    build_site(publish(make.usual_tables()), site, cache=drawing_cache)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    unreadable = make.write_published(tmp_path / "broken.duckdb", make.usual_tables() | {"build_info": []})

    with pytest.raises(ValueError, match="not enough values"):
        build_site(unreadable, site, cache=drawing_cache)
    with pytest.raises(NothingPublished):
        build_site(tmp_path / "absent.duckdb", site, cache=drawing_cache)

    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["barometer.duckdb", "broken.duckdb", "site"]


def test_the_last_site_is_replaced_whole(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """A page of the last site that is no longer made is gone, and nothing is left beside the new one."""
    site = tmp_path / "site"
    tables = make.usual_tables("PyTorch", "Retired")
    keep(tables)
    build_site(publish(tables), site, cache=drawing_cache)
    assert (site / "subject-retired.html").exists()
    (site / "CNAME").write_text("barometer.example.org")

    build_site(publish(make.usual_tables()), site, cache=drawing_cache)

    assert not (site / "subject-retired.html").exists()
    assert (site / "CNAME").read_text() == "barometer.example.org"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["barometer.duckdb", "site"]


def test_the_same_file_gives_the_same_site_and_only_what_changed_is_drawn(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """A site does not depend on what was drawn before; one new month draws what shows it, and no more."""
    tables, drawings = make.usual_tables(), tmp_path / "drawings"
    keep(tables, "google_trends_interest", "pypi_downloads")
    published = publish(tables)

    first = {path: path.read_bytes() for path in build_site(published, tmp_path / "site")}
    before = {path.name for path in drawings.iterdir()}
    again = {
        path: path.read_bytes() for path in build_site(published, tmp_path / "site", cache=drawing_cache)
    }
    tables["observations"] += make.observed(
        "google_trends_interest", make.month_points("pytorch", "2025-08", [40.0], state="sample")
    )
    build_site(make.write_published(tmp_path / "newer.duckdb", tables), tmp_path / "site")
    after = {path.name for path in drawings.iterdir()}

    assert again == first
    assert before < after
    assert 2 <= len(after - before) <= 10  # the index on two pages, its pictures, and the badge-free rest


def test_a_folder_of_something_else_is_refused(
    publish: Publish, make: SimpleNamespace, tmp_path: Path
) -> None:
    """A folder that holds other files is never replaced."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("precious")

    with pytest.raises(ConfigurationError, match="holds other files"):
        build_site(publish(make.usual_tables()), tmp_path / "letters")

    assert (tmp_path / "letters" / "dear.txt").read_text() == "precious"


def test_what_others_wrote_is_text(hostile_site: Path) -> None:
    """Names, titles and reasons with markup in them are shown as they are and run nowhere."""
    files = texts(hostile_site)

    for name in [page for page in files if page.endswith(".html")]:
        document = Document(files[name])
        assert all(
            re.match(r"(badges|charts)/[a-z0-9_-]+\.svg$", image["src"] or "")
            for image in document.all("img")
        )
        assert not any("onerror" in attributes for _, attributes in document.elements)
        assert {script.get("type", script.get("src")) for script in document.all("script")} <= {
            None,  # the theme, allowed by its hash
            "assets/barometer.js",
        }
        assert "49" not in files[name].split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(url: str | None, expected: str | None) -> None:
    """Nothing but http and https with a host is ever put into a link."""
    assert web_url(url) == expected


def test_a_script_address_is_no_link(build: Build, make: SimpleNamespace) -> None:
    """An event with another kind of address is shown without a link."""
    tables = make.usual_tables()
    keep(tables, "pypi_downloads")
    tables["events"][0]["url"] = "javascript:alert(1)"

    page = build(tables)["index.html"]

    assert "javascript:" not in page
    assert "ChatGPT released" in page


def test_nothing_is_loaded_from_elsewhere(usual: dict[str, str]) -> None:
    """Every address in a page is of the site itself, but for the plain links of events."""
    for name in PAGES:
        document = Document(usual[name])
        loaded = [
            a.get("src") for tag in ("script", "img", "iframe") for a in document.all(tag) if a.get("src")
        ]
        loaded += [link["href"] for link in document.all("link") if link["rel"] != "canonical"]
        outside = [a["href"] for a in document.all("a") if (a["href"] or "").startswith("http")]
        assert not any((address or "").startswith(("http", "//")) for address in loaded)
        assert name == "methodology.html" or set(outside) <= {"https://example.org/chatgpt"}
        assert all(re.fullmatch(r"https://[\w.-]+/\S+", address or "") for address in outside)
        assert "style=" not in re.sub(r"<script.*?</script>", "", usual[name], flags=re.DOTALL)
    assert "https://example.org/chatgpt" in usual["index.html"]
    style = usual["assets/barometer.css"]
    assert "@import" not in style and "url(" not in style


@pytest.mark.parametrize("key", ["google_trends_interest", "pageviews_monthly"])
def test_sample_data_is_called_that_everywhere(usual: dict[str, str], key: str) -> None:
    """The words stand in both pictures, in the caption, in the note and in every row of the table."""
    interest = figure(usual["interest.html"], key)
    pictures = re.findall(r"<svg.*?</svg>", interest, flags=re.DOTALL)

    assert len(pictures) == 2
    assert all(">sample data</text>" in picture for picture in pictures)
    assert "sample data" in interest[interest.index("<figcaption>") : interest.index("</figcaption>")]
    assert interest.count("<td>sample data</td>") == interest.count('<tr><th scope="row">') > 3
    assert "Sample data, not measured." in interest
    assert "sample data" not in figure(usual["adoption.html"], "pypi_downloads")


def test_every_chart_has_words_and_a_table(usual: dict[str, str]) -> None:
    """A chart has a description, two pictures and a table of its figures."""
    for name, charts in CHARTS.items():
        page = usual[f"{name}.html"]
        document = Document(page)
        described = [a for a in document.all("div") if a.get("role") == "img" and a.get("aria-label")]
        tables = [a for a in document.all("table") if a.get("class") == "data"]
        assert len(described) == charts
        assert page.count("<figcaption>") == charts <= len(tables)
        for size in ("wide", "narrow"):
            assert len(re.findall(f'class="(?:plot|still) {size}"', page)) == charts


def test_the_table_tells_what_is_not_drawn(usual: dict[str, str]) -> None:
    """Months in a measuring fault keep their row, which says why no line goes through them."""
    downloads = figure(usual["adoption.html"], "pypi_downloads")

    row = re.search(r'<tr><th scope="row">June 2023</th>.*?</tr>', downloads, flags=re.DOTALL)

    assert row is not None
    assert re.findall(r"<td>(.*?)</td>", row.group(0)) == [
        "2,200,000 (low: 880,000)",
        "1,200,000 (low: 480,000)",
        "unusual: Logs ran dry",
    ]
    assert '<td>June to July 2023</td><td>2</td><td class="reason">Logs ran dry</td>' in usual["quality.html"]


@pytest.mark.parametrize("name", PAGES)
def test_headings_are_in_order(usual: dict[str, str], name: str) -> None:
    """A page has one first heading, and no level is skipped on the way down."""
    levels = [int(level) for level in re.findall(r"<h([1-6])", usual[name])]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_identifiers_are_unique(usual: dict[str, str], name: str) -> None:
    """No two elements share an identifier, pictures included."""
    document = Document(usual[name])
    identifiers = [attributes["id"] for _, attributes in document.elements if "id" in attributes]

    assert sorted(identifiers, key=str) == sorted(set(identifiers), key=str)


def test_the_demo_says_what_is_real(usual: dict[str, str]) -> None:
    """Every page of the demo carries its banner; the overview tells at its foot what is real."""
    for name in PAGES:
        assert (
            "Downloads, stars gained, stars in total, forks in total and questions are real, published "
            "figures up to 6 August 2025 (questions until May 2023); search interest and pageviews are "
            "sample data." in usual[name]
        )
        assert 'index.html#what-is-real"' in usual[name]
    facts = usual["index.html"].split('<h2 id="what-is-real">')[1]
    assert "Its clock stands at 6 August 2025, 06:00 UTC: ages are counted from there." in facts
    assert "Questions end in May 2023, so Stack Overflow is shown as stale." in facts
    assert "Weeks count only stars that still stood on 6 August 2025" in facts
    assert "Search interest: made by a formula, so sample data" in facts
    assert "Pageviews: made by a formula, so sample data" in facts


def test_live_figures_carry_no_banner(build: Build, make: SimpleNamespace) -> None:
    """A site of live figures does not speak of a demo."""
    files = build(make.usual_tables())

    assert not any("Demo" in files[name] for name in PAGES)


@pytest.mark.parametrize(
    "missing",
    [("stackoverflow_questions", "stackoverflow_questions_share_of_rivals"), ("google_trends_interest",)],
)
def test_a_source_never_collected(build: Build, make: SimpleNamespace, missing: tuple[str, ...]) -> None:
    """A chart without figures is a sentence that says so and why, plainly; data quality has the words."""
    tables = make.usual_tables()
    drop(tables, *missing)
    source = "google_trends" if "google_trends_interest" in missing else "stackoverflow"
    tables["source_status"] = [row for row in tables["source_status"] if row["source_id"] != source]
    tables["source_status"].append(make.status(source, None, "never", "HTTP 503, expected 200"))

    files = build(tables)
    page = files["interest.html" if source == "google_trends" else "community.html"]

    shown = figure(page, missing[0])
    assert "Nothing to show" in shown
    assert "it failed to answer when it was last asked" in shown
    told = [name for name, text in files.items() if "HTTP 503, expected 200" in text]
    assert [name for name in told if name.endswith(".html")] == ["quality.html"]
    assert "<svg" not in shown and "<table" not in shown


def test_an_empty_file_makes_a_site(empty_site: Path) -> None:
    """With nothing collected yet every page stands, says so, and the first says what to do."""
    files = texts(empty_site)

    assert "No measure of two subjects is up to date, so there is no answer yet." in files["index.html"]
    assert "No figure has been collected yet." in files["index.html"]
    assert "barometer demo" in files["index.html"] and "barometer run" in files["index.html"]
    assert "claims.html" not in files  # none are judged
    charts = {name: count for name, count in CHARTS.items() if name != "claims"}
    shown = {name: files[f"{name}.html"].count("Nothing to show") for name in charts}
    assert shown == charts | {
        "index": 4,
        "adoption": 3,
        "subject-pytorch": 9,
        "interest": 7,
    }  # no closer looks, no parts


def test_only_suspect_figures_are_not_drawn(build: Build, make: SimpleNamespace) -> None:
    """Where nothing is fit to be drawn there is no empty chart; the table has the figures."""
    tables = make.usual_tables()
    for row in tables["observations"]:
        if row["metric_id"] == "github_stars_total":
            row["state"] = "suspect"

    shown = figure(build(tables)["community.html"], "github_stars_total")

    assert "fit to be drawn" in shown
    assert "<table" in shown and "<svg" not in shown


def test_one_subject_alone(build: Build, make: SimpleNamespace) -> None:
    """With nothing to compare the pages stand, and no share of one is drawn as a finding."""
    tables = make.usual_tables("PyTorch")
    keep(tables, "pypi_downloads", "github_stars_total", "stackoverflow_answered_share")
    files = build(tables)

    assert ">PyTorch</text>" in drawn(files, "community.html", "github_stars_total")
    assert "nothing to compare" in files["index.html"]


def test_four_subjects_in_trouble(troubled_site: Path) -> None:
    """Each subject has its colour and lines; each source that is silent is told with its reason."""
    files = texts(troubled_site)

    for number, name in enumerate(("PyTorch", "TensorFlow", "JAX", "Keras"), 1):
        assert f"--s{number}:light-dark(#" in files["assets/barometer.css"]
        assert f">{name}</text>" in drawn(files, "community.html", "github_stars_total")
        assert f'<b class="subject s{number}">{name}</b>' in files["index.html"]
    told = files["quality.html"]
    assert [f'<span class="told">{state}</span>' in told for state in ("stale", "failed", "never")] == [
        True
    ] * 3
    assert "HTTP 500, expected 200" in told and "HTTP 503, expected 200" in told
    assert "As of 6 August 2025, two of five sources are fresh; " in files["index.html"]


def test_a_single_reading_is_a_dot(build: Build, make: SimpleNamespace) -> None:
    """On the first day of an installation each counter is drawn as one point."""
    tables = make.usual_tables()
    drop(tables, "github_stars_total")
    for name in ("pytorch", "tensorflow"):
        tables["observations"] += make.observed(
            "github_stars_total", make.day_points(name, {date(2025, 8, 6): 50_000})
        )

    shown = drawn(build(tables), "community.html", "github_stars_total")

    assert all(re.search(rf'stroke="(var\(--s{number}\)|{color})"', shown) for number, color in LINES)


def test_nulls_and_holes_do_no_harm(build: Build, make: SimpleNamespace) -> None:
    """Values, reasons, addresses and times that are not known leave gaps, not errors."""
    tables = make.usual_tables()
    keep(tables, "pypi_downloads", "github_stars_total", "stackoverflow_questions")
    for row in tables["observations"][::3]:
        row["value"] = None
    tables["source_status"] = [make.status("github", None, "failed"), {"source_id": "pypi", "state": "never"}]
    tables["events"] = []
    tables["build_info"] = [make.build_info(as_of=None, archive_answers=None)]
    for row in tables["metrics"]:
        row["definition"] = row["caveat"] = None

    files = build(tables)

    assert not re.search(r">\s*(None|nan|NaN)\b", "".join(files[name] for name in PAGES))


def test_every_link_leads_somewhere(usual_site: Path, usual: dict[str, str]) -> None:
    """Each address of the site in a page is a file of it, and each fragment an element of that page."""
    identifiers = {
        name: {attributes["id"] for _, attributes in Document(text).elements if "id" in attributes}
        for name, text in usual.items()
        if name.endswith(".html")
    }
    followed = 0
    for name in identifiers:
        for _, attributes in Document(usual[name]).elements:
            address = attributes.get("href") or attributes.get("src") or ""
            if address and not address.startswith(("http", "data:")):
                # The page that stands at any address begins at the site's own.
                path, _, fragment = address.removeprefix("/b/").partition("#")
                assert (usual_site / (path or name)).is_file(), f"{name}: {address}"
                assert not fragment or fragment in identifiers[path or name], f"{name}: {address}"
                followed += 1
    assert followed > 400


def test_what_a_file_lacks_is_left_out(build: Build, usual: dict[str, str], make: SimpleNamespace) -> None:
    """Without crossovers, checks and revisions their sections are missing; with them they stand."""
    without, given = build(make.usual_tables()), usual

    assert "Who passed whom" not in without["compare.html"]
    assert "What was checked?" not in without["quality.html"]
    assert "not followed in this file" in without["quality.html"]
    assert '<td role="cell">passed in April 2024 (March to April 2024)</td>' in given["compare.html"]
    assert "<small>leads by 1.0 million downloads, passed in April 2024" in given["index.html"]
    assert "3 rows, warn" in given["quality.html"] and "torch jumped" in given["quality.html"]
    assert "<td>1,000</td><td>1,250</td>" in given["quality.html"]
    assert ">torchvision</text>" in drawn(given, "subject-pytorch.html", "packages-pytorch")
    assert "<td>4,340</td>" in figure(given["subject-pytorch.html"], "packages-pytorch")


def test_how_many_results_are_of_before_is_told(build: Build, make: SimpleNamespace) -> None:
    """Of a check of an earlier build the page on quality says that it still stands, and of none nothing."""
    tables = make.usual_tables() | make.later_tables()
    one, other = tables["quality_checks"]
    earlier = {"checked_at": one["checked_at"] - timedelta(days=1)}
    told = "1 result of before still stands, as nothing new has come in of what was checked."

    assert "of before still" not in build(tables)["quality.html"]
    assert told in build(tables | {"quality_checks": [one | earlier, other]})["quality.html"]


def test_who_leads_by_weights_stands_on_the_overview(build: Build, make: SimpleNamespace) -> None:
    """Both kinds have their sentence; five subjects have their places, in both widths; a file may lack it."""
    names = ("PyTorch", "TensorFlow", "JAX", "Keras", "MXNet")
    led = dict(zip(map(str.lower, names), (0.1, 0.5, 0.2, 0.1, 0.1), strict=True))
    tables = make.usual_tables(*names)
    keep(tables, "github_stars_total")
    page, without = (build(one)["index.html"] for one in (tables | make.weighted_tables(led), tables))

    assert "Of adoption nothing is weighed" in page
    assert "hangs on the weights of two measures: TensorFlow leads under 50\u202f%" in page
    section = page[page.index('id="weightings"') :]
    pictures = re.findall(r'class="still (wide|narrow)" aria-hidden="true"><svg', section)
    assert pictures == ["wide", "narrow"]
    assert section.count(">20</text>") == 2 * 25
    assert "left join weighting_without" in section
    assert "hang on the weights" not in without


def test_every_metric_has_its_methodology(usual: dict[str, str], make: SimpleNamespace) -> None:
    """The text says of each metric what it measures, and the page has the text's every section."""
    page = usual["methodology.html"]

    for metric in make.usual_tables()["metrics"]:
        name = metric["metric_id"]
        assert page.count(name) >= 2, f"{name} stands in the table only"
    assert page.count("<strong>Measures</strong>") == page.count("<strong>Does not measure</strong>") == 7


def test_the_examples_are_answered(publish: Publish, make: SimpleNamespace) -> None:
    """Each query that the data page shows works on a published file."""
    with open_published(publish(make.usual_tables())) as published:
        for question, sql in examples():
            assert published.query(sql)[1], question


def test_the_sitemap_names_every_page(usual_site: Path) -> None:
    """Where the site's address is known, its pages are told whole."""
    text = (usual_site / "sitemap.xml").read_text()

    assert text.count("<loc>https://example.org/b/") == len(CHARTS) - 1  # the page for lost readers is none


def test_a_reader_can_tell_what_is_wrong(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """Each chart has the address with its own words in it, whatever stands in them; without one none has."""
    published = publish(make.usual_tables())
    address = "https://example.org/new?title={chart}&body={page}%20{date}"
    build_site(
        published, tmp_path / "site", "https://b.example/stats/", cache=drawing_cache, corrections=address
    )
    page = (tmp_path / "site/community.html").read_text()

    (shown,) = re.findall(r"<h2>(.*?)</h2>", figure(page, "github_stars_total"))
    title = quote(unescape(shown), safe="")
    at = "https%3A%2F%2Fb.example%2Fstats%2Fcommunity.html%23github_stars_total%202025-08-06"
    assert f'href="https://example.org/new?title={title}&amp;body={at}"' in page
    assert page.count("Something wrong here?") == page.count("<figcaption>")
    build_site(published, tmp_path / "site", cache=drawing_cache)
    assert "Something wrong here?" not in (tmp_path / "site/community.html").read_text()


def test_a_page_that_is_not_there_is_told_at_any_depth(
    publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """Where the site's address is known, style and links begin at its root; else beside the page."""
    published = publish(make.usual_tables())
    build_site(published, tmp_path / "site", "https://b.example/stats/", cache=drawing_cache)
    page = (tmp_path / "site/404.html").read_text()

    assert 'href="/stats/assets/barometer.css"' in page and 'href="/stats/index.html"' in page
    assert not re.search(r'(href|src)="(?!/stats/|https?:|#)', page)
    build_site(published, tmp_path / "site", cache=drawing_cache)
    assert 'href="assets/barometer.css"' in (tmp_path / "site/404.html").read_text()
