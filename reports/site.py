"""The static site: every file of it, built beside the last site and swapped in whole.

What stands in it is told in `files`. What is drawn is kept beside the published file, so that only what
changed is drawn again.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from reports.chronicle import chronicle, read_last
from reports.evidence import read_evidence
from reports.files import STYLE, Press
from reports.kept import Kept
from warehouse.errors import ConfigurationError
from warehouse.exports import write_exports
from warehouse.published import open_published


def build_site(
    published: Path,
    site: Path,
    url: str | None = None,
    single_file: bool = False,
    kept: Path | None = None,
) -> list[Path]:
    """Write the site from the published file and return its files.

    The address it will be found at, if there is one, goes into what wants whole addresses: sitemap and
    feeds. A single file holds every page for mail and archives. Drawings are kept beside the published file.
    The last site stays until the new one is whole. Raises NothingPublished where there is no file, and
    ConfigurationError before it would replace a folder that holds something else than a site.
    """
    site = site.resolve()
    _refuse_foreign(site)
    with open_published(published) as opened:
        evidence = read_evidence(opened)
    drawings = Kept(kept or published.parent / "drawings")
    site.parent.mkdir(parents=True, exist_ok=True)
    building = Path(mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        exported = write_exports(published, building / "data")  # before the page that links them
        press = Press(evidence, chronicle(evidence, read_last(site)), building, url or "", drawings)
        written = [*exported, *_write(press, building, single_file)]
        building.chmod(0o755)
        _swap(building, site)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    drawings.forget_unused()
    return [site / path for path in written]


def _refuse_foreign(site: Path) -> None:
    if site.exists() and not (site / STYLE).exists() and (not site.is_dir() or any(site.iterdir())):
        raise ConfigurationError(
            f"BAROMETER_SITE: {site} holds other files, expected an empty folder or a site made here"
        )


def _write(press: Press, building: Path, single_file: bool) -> Iterator[Path]:
    for path, content in press.files(single_file):
        (building / path).parent.mkdir(parents=True, exist_ok=True)
        (building / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        yield path


def _swap(building: Path, site: Path) -> None:
    """Put the new folder in the place of the last one, which is kept until then."""
    last = building.with_name(f"{building.name}-last")
    if site.exists():
        site.rename(last)
    try:
        building.rename(site)
    except OSError:
        if last.exists():
            last.rename(site)
        raise
    shutil.rmtree(last, ignore_errors=True)
