"""How long the site takes to build and to show, and how much a page weighs.

Run: `python benchmarks/site.py [SUBJECTS...] [--against CHECKOUT [--published FILE]]`. It makes a published
file of ten years of every metric by formula, by default for two and for ten subjects, builds the site anew,
again, and with one figure more, and opens every page of the first one from disk in headless Chromium. From 24
on the same lines are drawn, whoever else is compared.
The figures to beat: 400 KB a page beside the script, first paint in 0.5 s, every chart live in 1.5 s, layout
shift below 0.02, and 60 s for ten subjects.

With another checkout of Barometer, which has an environment of its own, `barometer report` is run of both in
turns instead, five times each, anew and again: what it takes of a published file, or of two subjects.
"""

import argparse
import gzip
import json
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
from beside import HERE, Measured, in_turns, measured, told
from playwright.sync_api import Browser, sync_playwright

from reports.build.site import build_site
from warehouse.config.ecosystem import PALETTE

METRICS = (
    ("pypi_downloads", "downloads", "month", "flow", "pypi"),
    ("pypi_downloads_with_mirrors", "downloads", "month", "flow", "pypi"),
    ("github_stars_total", "stars", "day", "stock", "github"),
    ("github_stars_gained", "stars", "week", "flow", "github"),
    ("github_forks_total", "forks", "day", "stock", "github"),
    ("github_open_issues", "issues", "day", "stock", "github"),
    ("stackoverflow_questions", "questions", "month", "flow", "stackoverflow"),
    ("stackoverflow_questions_share", "share", "month", "flow", "stackoverflow"),
    ("stackoverflow_questions_share_of_rivals", "share", "month", "flow", "stackoverflow"),
    ("stackoverflow_answered_share", "share", "month", "flow", "stackoverflow"),
    ("github_subscribers_total", "accounts", "day", "stock", "github"),
    ("google_trends_interest", "index", "month", "index", "google_trends"),
    ("wikipedia_pageviews", "views", "day", "flow", "wikipedia"),
)
TABLES = """
create table subjects as
    select unnest($ids) as subject_id, unnest($names) as name, unnest($colors) as color,
        date '2015-11-09' as first_release_on, unnest(range(len($ids)))::int as position;
create table metrics as
    select *, metric_id as name, 'adoption' as kind, 'By formula.' as definition, 'Not measured.' as caveat
    from (select unnest($metrics, recursive := true));
create table observations as
    select subject_id, metric_id, day::date as period_start,
        case grain when 'day' then day::date when 'week' then day::date + 6
            when 'year' then last_day((day + interval 11 month)::date) else last_day(day::date) end
            as period_end,
        case unit
            when 'share' then 1 / len($ids)
            else floor(1000 + 40 * (position + 1) * (1 + sin(epoch(day) / 3e7 + position)) * year(day) % 977)
        end::double as value,
        null::double as low, null::double as high, 'ok' as state, null::varchar as state_reason,
        'formula' as basis,
        now() as observed_at, 0 as revision
    from subjects, metrics, (
        select unnest(range(timestamp '2015-08-02', timestamp '2025-08-01', interval 1 day)) as day
    )
    where grain = 'day' or (grain = 'week' and dayofweek(day) = 0) or (grain = 'month' and day(day) = 1)
        or (grain = 'year' and dayofyear(day) = 1);
create table adoption_monthly as
    select subject_id, date_trunc('month', period_start)::date as month,
        sum(value) filter (metric_id = 'pypi_downloads') as downloads, 1 / len($ids) as downloads_share,
        1 / len($ids) as search_share, 1 / len($ids) as pageviews_share,
        sum(value) filter (metric_id = 'wikipedia_pageviews') as pageviews
    from observations group by all;
create table community_monthly as
    select subject_id, date_trunc('month', period_start)::date as month, sum(value) as stars_gained,
        0.45::double as questions_share_of_rivals_low, 0.55::double as questions_share_of_rivals_high,
        0.45::double as questions_answered_share_low, 0.55::double as questions_answered_share_high
    from observations where metric_id = 'github_stars_gained' group by all;
create table source_status as
    select distinct source_id, timestamptz '2025-08-06 06:00+00' as last_attempt_at,
        timestamptz '2025-08-06 06:00+00' as last_success_at, date '2025-07-31' as last_period, 6 as lag_days,
        35 as expected_lag_days, 'fresh' as state, null::varchar as reason from metrics;
create table events as
    select null::varchar as event_id, null::varchar as subject_id, null::varchar as source_id,
        null::varchar as metric_id, date '2022-11-30' as occurred_on, null::date as ended_on,
        'outside event' as kind, 'Something happened' as title, null::varchar as url;
create table build_info as
    select timestamptz '2025-08-06 06:00+00' as built_at, timestamptz '2025-08-06 06:00+00' as as_of,
        '0' as code_version, 1 as archive_files, 1 as archive_answers, '' as archive_sha256, false as demo,
        'Which one?' as question;
"""
WATCH = """
window.shift = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
"""
TIMES = 5  # that each is run beside another
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
LIVE = """() => [...document.querySelectorAll(".plot")]
    .filter(plot => plot.checkVisibility()).every(plot => "live" in plot.dataset)"""


def publish(path: Path, count: int) -> Path:
    """Write a published file of that many subjects."""
    parameters = {
        "ids": [f"subject_{n}" for n in range(count)],
        "names": [f"Subject {n}" for n in range(count)],
        "colors": [PALETTE[n % len(PALETTE)] for n in range(count)],
        "metrics": [
            dict(zip(("metric_id", "unit", "grain", "aggregation", "source_id"), row, strict=True))
            for row in METRICS
        ],
    }
    with duckdb.connect(path) as connection:
        for statement in TABLES.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in parameters.items() if f"${name}" in statement}
                connection.execute(statement, used)
    return path


def one_figure_more(published: Path) -> None:
    """Let a subject's page have been looked at on one day more."""
    with duckdb.connect(published) as connection:
        connection.execute(
            "insert into observations select * replace (period_start + 1 as period_start, "
            "period_end + 1 as period_end) from observations "
            "where metric_id = 'wikipedia_pageviews' and subject_id = 'subject_0' "
            "order by period_start desc limit 1"
        )


def timed_build(published: Path, site: Path) -> tuple[float, float]:
    """Return the seconds of wall and of processor that a build took."""
    wall, processor = time.perf_counter(), time.process_time()
    build_site(published, site)
    return time.perf_counter() - wall, time.process_time() - processor


def shown(browser: Browser, page_file: Path) -> dict[str, float]:
    """Open a page from disk and return its times in milliseconds, its layout shift and its weight."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    page.goto(page_file.as_uri())
    # Charts come alive when they come near: make all of them near.
    page.set_viewport_size({"width": 1280, "height": 12_000})
    page.wait_for_function(LIVE, timeout=60_000)
    found = {"live": page.evaluate("performance.now()"), "paint": page.evaluate(PAINT)}
    found["shift"] = page.evaluate("window.shift")
    page.close()
    return found | {"kilobytes": len(gzip.compress(page_file.read_bytes())) / 1000}


def measure(folder: Path, browser: Browser | None, count: int) -> Iterator[str]:
    """Build and open the site of that many subjects and yield lines to print."""
    published, site = publish(folder / f"{count}.duckdb", count), folder / f"site{count}"
    for what in ("anew", "again", "of a day more"):
        if what == "of a day more":
            one_figure_more(published)
        wall, processor = timed_build(published, site)
        files = [file for file in site.rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in files) / 1e6
        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield (
            f"{count:4} subjects, built {what:13}: {wall:6.1f} s, of processor {processor:6.1f} s; "
            f"{len(files)} files, {size:.0f} MB, {highest:.0f} MB of memory"
        )
    if browser is None:
        return
    for page_file in sorted(site.glob("*.html")):
        shown(browser, page_file)
        best = min((shown(browser, page_file) for _ in range(3)), key=lambda found: found["live"])
        yield f"  {page_file.name:24} " + json.dumps({name: round(value, 3) for name, value in best.items()})


def beside(other: Path, published: Path | None, folder: Path) -> Iterator[str]:
    """Write the site with this checkout and with another one in turns, and yield lines to print."""
    published = published or publish(folder / "2.duckdb", 2)
    checkouts = (HERE, other.resolve())
    data = {checkout: folder / str(n) for n, checkout in enumerate(checkouts)}
    for one in data.values():
        one.mkdir()
        shutil.copyfile(published, one / "barometer.duckdb")

    def reported(checkout: Path) -> Measured:
        places = {"BAROMETER_DATA": data[checkout], "BAROMETER_SITE": data[checkout] / "site"}
        here = os.environ | {name: str(place) for name, place in places.items()}
        return measured([".venv/bin/barometer", "report"], checkout, here)

    def anew(checkout: Path) -> Measured:
        for drawn in ("site", "drawings"):
            shutil.rmtree(data[checkout] / drawn, ignore_errors=True)
        return reported(checkout)

    yield told("anew", in_turns(anew, checkouts, TIMES))
    yield told("again", in_turns(reported, checkouts, TIMES))


def main(counts: list[int], checkout: Path | None, published: Path | None) -> None:
    """Print the figures of each number of subjects, or those of this checkout beside another's."""
    with tempfile.TemporaryDirectory() as folder:
        if checkout:
            for line in beside(checkout, published, Path(folder)):
                print(line, flush=True)
            return
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for place, count in enumerate(counts or (2, 10)):
                for line in measure(Path(folder), None if place else browser, count):
                    print(line, flush=True)
            browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("subjects", nargs="*", type=int)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--published", type=Path, metavar="FILE")
    asked = parser.parse_args()
    main(asked.subjects, asked.against, asked.published)
