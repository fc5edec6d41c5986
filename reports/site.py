"""The static site: pages, one style sheet and one script, built beside the last site and swapped in whole."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports import words
from reports.adoption import adoption
from reports.colors import subject_rules
from reports.community import community
from reports.demo import demo
from reports.evidence import Evidence, read_evidence
from reports.overview import overview
from reports.pages import Page
from warehouse.errors import ConfigurationError
from warehouse.exports import write_exports
from warehouse.published import open_published

HERE = Path(__file__).parent
STYLE = Path("assets", "barometer.css")
SCRIPT = Path("assets", "barometer.js")


def build_site(published: Path, site: Path) -> list[Path]:
    """Write the site from the published file and return its files.

    The last site stays until the new one is whole. Raises NothingPublished where there is no file, and
    ConfigurationError before it would replace a folder that holds something else than a site.
    """
    site = site.resolve()
    _refuse_foreign(site)
    with open_published(published) as opened:
        evidence = read_evidence(opened)
    site.parent.mkdir(parents=True, exist_ok=True)
    building = Path(mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        written = [*_write(evidence, building), *write_exports(published, building / "data")]
        building.chmod(0o755)
        _swap(building, site)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return [site / path for path in written]


def _refuse_foreign(site: Path) -> None:
    if site.exists() and not (site / STYLE).exists() and (not site.is_dir() or any(site.iterdir())):
        raise ConfigurationError(
            f"BAROMETER_SITE: {site} holds other files, expected an empty folder or a site made here"
        )


def _write(evidence: Evidence, folder: Path) -> Iterator[Path]:
    pages = [overview(evidence), adoption(evidence), community(evidence)]
    (folder / "assets").mkdir()
    style = (HERE / "static" / "barometer.css").read_text(encoding="utf-8") + subject_rules(evidence.subjects)
    script = (HERE / "static" / "barometer.js").read_text(encoding="utf-8")
    files = {STYLE: style, SCRIPT: vl_convert.javascript_bundle(script)}
    files |= {Path(f"{page.name}.html"): _render(page, pages, evidence) for page in pages}
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")
        yield path


def _render(page: Page, pages: list[Page], evidence: Evidence) -> str:
    template = _environment().get_template(page.template)
    shared = {"page": page, "pages": pages, "evidence": evidence, "demo": demo(evidence)}
    return template.render(**shared, **page.content)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("day", "minute", "source_name", "of_all", "span")
    environment.globals |= {name: getattr(words, name) for name in names} | {"web_url": web_url}
    return environment


def web_url(url: str | None) -> str | None:
    """Return the address if it is one a reader may follow: http or https; else None."""
    parts = urlsplit(url or "")
    return url if parts.scheme in ("http", "https") and parts.netloc else None


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
