"""A whole site written into a folder: what the published file tells, as tables, pages and pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.build.engine.files import Engine, write_database
from reports.build.files import Press
from reports.build.openmetrics import write_metrics
from reports.build.place import new_site, write_list
from reports.build.unchanged import digest_of_site
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import Painters
from reports.data.asking import read_asking
from reports.data.evidence import read_evidence
from reports.findings.changes import changes, read_last
from warehouse.published.exports import write_exports
from warehouse.published.open import open_published


@dataclass(frozen=True)
class Wanted:
    """How a site is to be: what `build_site` is asked for."""

    url: str | None
    single_file: bool
    packages: Path | None
    corrections: str | None


def make_site(published: Path, site: Path, drawn: Path, wanted: Wanted) -> tuple[list[Path], str | None]:
    """Put a new site in the place of the last one; return its files, and its digest if it is settled.

    A site is settled if the same would come out with itself as the last one.
    """
    drawings = Cache(drawn)
    with Painters(at_once=drawings.is_empty) as painters:
        with open_published(published) as opened:
            evidence, asking = read_evidence(opened), read_asking(opened) if wanted.packages else None
        with new_site(site, drawn.with_suffix(".lock")) as building:
            home = wanted.url and f"{wanted.url}data/"
            exported = write_exports(published, building / "data", home)  # before the page that links them
            answering = None
            if wanted.packages and asking:
                exported += write_database(published, building)
                answering = (asking, Engine(wanted.packages, drawings))
            changed = changes(evidence, read_last(site))
            url, corrections = wanted.url or "", wanted.corrections
            press = Press(evidence, changed, building, url, drawings, painters, answering, corrections)
            written = [*exported, *_write(press, building, wanted.single_file)]
            written.append(write_metrics(published, building).relative_to(building))
            written.append(write_list(building, written))
            drawings.forget_unused()
            is_settled = changes(evidence, read_last(building)) == changed
            digest = digest_of_site(building) if is_settled else None
    return [site / path for path in written], digest


def _write(press: Press, building: Path, single_file: bool) -> Iterator[Path]:
    for path, content in press.files(single_file):
        (building / path).parent.mkdir(parents=True, exist_ok=True)
        (building / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        yield path
