"""A site that would come out as it stands is left as it is; whatever it is made of makes it anew."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reports.build import unchanged
from reports.build.site import build_site

Publish = Callable[[Any], Path]


def inodes(site: Path) -> dict[str, int]:
    """Return what tells a file that was written from one that was left."""
    return {
        path.relative_to(site).as_posix(): path.stat().st_ino for path in site.rglob("*") if path.is_file()
    }


@pytest.fixture
def site(publish: Publish, make: SimpleNamespace, tmp_path: Path, drawing_cache: Path) -> Path:
    """A site of one measure, and its published file beside it."""
    (tmp_path / "drawings").mkdir()
    for kept in drawing_cache.glob("?" * 64):  # those that another process is writing have longer names
        os.link(kept, tmp_path / "drawings" / kept.name)
    tables = make.usual_tables()
    tables["observations"] = [row for row in tables["observations"] if row["metric_id"] == "pypi_downloads"]
    tables["events"], tables["quality_checks"] = [], []
    build_site(publish(tables), tmp_path / "site")
    return tmp_path / "site"


def test_nothing_is_written_where_nothing_changed(site: Path) -> None:
    """The same files are told, what others put beside them stays, and they are as a new report makes them."""
    published, before = site.with_name("barometer.duckdb"), inodes(site)
    (site / "CNAME").write_text("barometer.example.org")

    told = build_site(published, site)

    assert inodes(site) == before | {"CNAME": (site / "CNAME").stat().st_ino}
    assert {path.relative_to(site).as_posix() for path in told} == set(before)
    first = {name: (site / name).read_bytes() for name in before}
    for noted in site.with_name("drawings").iterdir():
        noted.unlink()
    build_site(published, site)
    assert {name: (site / name).read_bytes() for name in before} == first
    assert inodes(site)["index.html"] != before["index.html"]


def test_a_file_that_was_changed_or_lost_is_made_again(site: Path) -> None:
    """A hand in one page, or one picture gone, and the site is made anew."""
    published, page = site.with_name("barometer.duckdb"), (site / "index.html").read_text()
    picture = next(site.glob("pictures/*.png"))

    (site / "index.html").write_text(page.replace("Barometer", "Thermometer"))
    build_site(published, site)
    picture.unlink()
    build_site(published, site)

    assert (site / "index.html").read_text() == page
    assert picture.is_file()


def test_other_settings_make_another_site(site: Path) -> None:
    """An address, one file for all, and where corrections are told, each by itself, and back again."""
    published, page = site.with_name("barometer.duckdb"), (site / "index.html").read_text()

    build_site(published, site, url="https://example.org/b/")
    assert "https://example.org/b/" in (site / "index.html").read_text()
    build_site(published, site, single_file=True)
    assert (site / "barometer.html").is_file()
    build_site(published, site, corrections="https://example.org/new?chart={chart}")
    assert "https://example.org/new?chart=" in (site / "index.html").read_text()
    build_site(published, site)
    assert (site / "index.html").read_text() == page and not (site / "barometer.html").exists()


def test_other_figures_make_another_site(site: Path, make: SimpleNamespace) -> None:
    """A published file of another content is another site."""
    published, before = site.with_name("barometer.duckdb"), inodes(site)
    published.unlink()
    make.write_published(published, make.usual_tables())

    build_site(published, site)

    assert len(inodes(site)) > len(before)


def test_every_package_of_the_site_is_known() -> None:
    """Nothing that is imported, filled in or shown is left out, and nothing that runs write is taken in."""
    known = {file.relative_to(unchanged.PROJECT).as_posix() for file in unchanged._code()}

    assert {
        "reports/build/files.py",
        "reports/build/templates/base.html.j2",
        "reports/data/queries/metric.sql",
        "warehouse/published/exports.py",
        "warehouse/disk.py",
        "flows/sources/pypi/source.toml",
        "docs/methodology.md",
    } <= known
    assert any(name.startswith("sql/analyses/") for name in known)
    assert not any(name.startswith(("warehouse/data/", "reports/site/")) for name in known)


def test_what_a_site_is_made_from_tells_code_texts_and_libraries(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed template, a changed text of the docs and a new module each make another digest."""
    project = tmp_path / "project"
    for file in ("reports/build/__init__.py", "reports/build/templates/a.j2", "docs/methodology.md"):
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text("one")
    monkeypatch.setattr(unchanged, "PROJECT", project)
    published = site.with_name("barometer.duckdb")
    digests = [unchanged.made_from(published)]
    for file in ("reports/build/templates/a.j2", "docs/methodology.md", "reports/build/new.py"):
        (project / file).write_text("another")
        digests.append(unchanged.made_from(published))
    (project / "reports/site").mkdir()
    (project / "reports/site/index.html").write_text("what a report wrote")

    assert len(set(digests)) == 4
    assert unchanged.made_from(published) == digests[-1]
