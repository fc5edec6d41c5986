"""The static site: every file of it, built beside the last site and swapped in whole.

What stands in it is told in `files`, what becomes of the last one in `place`. What is drawn is kept beside
the published file, so that only what changed is drawn again.
"""

from collections.abc import Iterator
from pathlib import Path

from reports.build.engine.files import Engine, write_database
from reports.build.engine.packages import require_packages
from reports.build.files import Press
from reports.build.openmetrics import write_metrics
from reports.build.place import new_site, write_list
from reports.charts.painting.cache import Cache
from reports.data.asking import read_asking
from reports.data.evidence import read_evidence
from reports.findings.changes import changes, read_last
from warehouse.published.exports import write_exports
from warehouse.published.open import open_published


def build_site(
    published: Path,
    site: Path,
    url: str | None = None,
    single_file: bool = False,
    cache: Path | None = None,
    packages: Path | None = None,
    corrections: str | None = None,
) -> list[Path]:
    """Write the site from the published file and return its files.

    The address it will be found at, if there is one, goes into what wants whole addresses: sitemap and
    feeds. Where readers may tell what is wrong with a chart, each one links that address. A single file holds
    every page for mail and archives. Drawings are kept beside the published file.
    With a folder for npm packages the site has a page that answers SQL, with engine and file beside it.
    The last site stays until the new one is whole, and what others put into its folder stays. Raises
    NothingPublished where there is no file, and ConfigurationError before it would replace a folder that
    holds something else than a site.
    """
    site = site.resolve()
    if packages:
        require_packages(packages)
    with open_published(published) as opened:
        evidence, asking = read_evidence(opened), read_asking(opened) if packages else None
    drawn = cache or published.parent / "drawings"
    with new_site(site, drawn.with_suffix(".lock")) as building:
        drawings = Cache(drawn)
        exported = write_exports(published, building / "data")  # before the page that links them
        if packages and asking:
            exported += write_database(published, building)
        answering = (asking, Engine(packages, drawings)) if packages and asking else None
        changed = changes(evidence, read_last(site))
        press = Press(evidence, changed, building, url or "", drawings, answering, corrections)
        written = [*exported, *_write(press, building, single_file)]
        written.append(write_metrics(published, building).relative_to(building))
        written.append(write_list(building, written))
        drawings.forget_unused()
    return [site / path for path in written]


def _write(press: Press, building: Path, single_file: bool) -> Iterator[Path]:
    for path, content in press.files(single_file):
        (building / path).parent.mkdir(parents=True, exist_ok=True)
        (building / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        yield path
