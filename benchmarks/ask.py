"""How long the page that answers SQL takes to its first answer, and what a reader fetches for it.

Run: `python benchmarks/ask.py SITE [TIMES]` on a site made with `barometer report --with-sql`. It is served
by ranges on loopback, and opened in headless Chromium with nothing kept from before, as often as is told.
Asked is for all months of all subjects of the first metric. What is not packed in the site counts as gzip
packs it, as hosts send it. The figures to beat: 8 MB, and 3 s on two cores.
"""

import gzip
import sys
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.reports.chromium import ARGUMENTS, CHROMIUM, Host, hosting

PACKED = (".gz", ".duckdb")


def first_answer(browser: Browser, host: Host) -> dict[str, float]:
    """Return the seconds from the click to rows and chart, and from the start of the page to both."""
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    page.goto(f"{host.address}/ask.html")
    clicked = time.perf_counter()
    page.get_by_role("button", name="Answer").click()
    page.locator(".answer").wait_for(timeout=60_000)
    answered = time.perf_counter()
    page.locator(".live svg").wait_for(timeout=60_000)
    drawn = time.perf_counter()
    context.close()
    return {"answer": answered - clicked, "chart": drawn - clicked, "page and chart": drawn - began}


def fetched(host: Host, site: Path) -> dict[str, int]:
    """Return the bytes of each file that was asked for, as a host sends them."""
    found: dict[str, int] = {}
    for address, size in host.asked:
        path = address.split("?")[0].lstrip("/")
        sent = size if path.endswith(PACKED) else len(gzip.compress((site / path).read_bytes(), 6))
        found[path] = found.get(path, 0) + sent
    return found


def main(site: Path, times: int) -> None:
    """Print what was fetched, and the times: the best and the median."""
    with hosting(site, ranges=True) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        runs = []
        for n in range(times):
            runs.append(first_answer(browser, host))
            if n == 0:
                found = fetched(host, site)
        browser.close()
    for path, size in sorted(found.items(), key=lambda one: -one[1]):
        print(f"{size / 1e6:8.3f} MB  {path}")
    print(f"{sum(found.values()) / 1e6:8.3f} MB  in all")
    for what in runs[0]:
        seconds = [run[what] for run in runs]
        print(f"{what}: {min(seconds):.2f} s at best, {median(seconds):.2f} s in the median of {times}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
