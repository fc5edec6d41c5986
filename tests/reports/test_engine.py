"""The engine of the page that answers SQL: which packages are believed, and what is left out of a module."""

import os
import re
import stat
from pathlib import Path

import pytest

from reports.build.engine.exports import only_exports
from reports.build.engine.packages import ARROW, ENGINE, members, require_packages
from reports.build.site import build_site
from tests.conftest import Barometer, draw_in
from warehouse.errors import ConfigurationError

# What another page has of it: in its navigation, in its foot, and on the page of what there is not.
LINK = re.compile(r' *(<li>)?<a href="ask\.html">Ask</a>(</li>)?\n')


def text(content: str) -> bytes:
    """Return a name as a module holds it."""
    return bytes([len(content)]) + content.encode()


def section(kind: int, content: bytes) -> bytes:
    """Return a section of a module."""
    return bytes([kind, len(content)]) + content


def module(*exports: str) -> bytes:
    """Return a module that exports one function by several names, and links one of them to itself."""
    imports = [
        text("env") + text("memory") + b"\x02\x01\x01\x02",
        text("GOT.func") + text("linked") + b"\x03\x7f\x01",
    ]
    named = [text(name) + b"\x00\x00" for name in exports]
    return (
        b"\0asm\1\0\0\0"
        + section(1, b"\x01\x60\x00\x00")
        + section(2, bytes([len(imports)]) + b"".join(imports))
        + section(3, b"\x01\x00")
        + section(7, bytes([len(named)]) + b"".join(named))
        + section(10, b"\x01\x02\x00\x0b")
    )


def test_exports_that_nobody_asks_for_are_left_out() -> None:
    """What is wanted stays, and what the module's own linking needs; nothing else of it changes."""
    assert only_exports(module("a", "linked", "b", "c"), {"b", "z"}) == module("linked", "b")
    assert only_exports(module("a", "linked"), {"a", "linked"}) == module("a", "linked")


def test_the_engine_of_the_package_loses_most_of_its_exports(packages: Path) -> None:
    """And a fifth of its bytes."""
    (whole,) = members(ENGINE, packages, "dist/duckdb-eh.wasm")
    assert len(only_exports(whole, {"duckdb_web_open"})) < 0.8 * len(whole)


def put_in_place(packages: Path, folder: Path) -> Path:
    """Lay the packages where a report looks for them."""
    folder.mkdir(parents=True)
    for package in (ENGINE, ARROW):
        os.link(packages / package.file, folder / package.file)
    return folder


def test_packages_put_in_place_want_no_npm(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without npm has them from another; without them it is told which file goes where."""
    folder = put_in_place(packages, tmp_path / "data" / "packages")
    monkeypatch.setenv("PATH", str(tmp_path))
    require_packages(folder)

    (folder / ARROW.file).unlink()
    with pytest.raises(ConfigurationError, match=r"^apache-arrow@17\.0\.0: found no npm on the path") as told:
        require_packages(folder)
    assert str(folder / "apache-arrow-17.0.0.tgz") in str(told.value)


def test_another_file_is_not_believed(packages: Path, tmp_path: Path) -> None:
    """By whomever it was put there: the digest found and the one expected are told."""
    folder = put_in_place(packages, tmp_path / "packages")
    (folder / ENGINE.file).unlink()
    (folder / ENGINE.file).write_bytes(b"another")
    with pytest.raises(ConfigurationError, match=r"found sha512-\S+, expected sha512-IewX\S+ of @duckdb/"):
        require_packages(folder)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("echo no such package >&2; exit 1", "npm did not fetch it (no such package), expected a registry"),
        ("true", "npm did not fetch it (nothing was said), expected a registry"),
        ('echo other > "$4/apache-arrow-17.0.0.tgz"', "expected sha512-X0p7"),
    ],
    ids=["fails", "fetches nothing", "fetches another file"],
)
def test_npm_that_does_not_fetch_it(
    does: str, told: str, packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it said is told in one line, and nothing of it is kept."""
    folder = put_in_place(packages, tmp_path / "packages")
    (folder / ARROW.file).unlink()
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n{does}\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(ConfigurationError, match=re.escape(told)) as error:
        require_packages(folder)
    assert "\n" not in str(error.value)
    assert [path.name for path in folder.iterdir()] == [ENGINE.file]


def test_other_pages_grow_by_the_link_alone(
    asking_file: Path, asking_site: Path, drawing_cache: Path, tmp_path: Path
) -> None:
    """With the page that answers SQL; the page on the data links the file itself, too."""
    site = tmp_path / "site"
    build_site(asking_file, site, single_file=True, cache=drawing_cache)
    without, beside = (
        {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
        for folder in (site, asking_site)
    )
    assert {path.parts[0] for path in set(beside) - set(without)} == {
        "ask.html",
        "assets",
        "data",
        "pictures",
    }
    assert set(without) <= set(beside)
    pages = [path for path in without if path.suffix == ".html" and path.name != "data.html"]
    assert len(pages) > 10
    for path in pages:
        found = beside[path].read_text()
        assert LINK.sub("", found) == without[path].read_text(), path
        assert len(LINK.findall(found)) == (
            0 if path.name == "barometer.html" else 3 if path.name == "404.html" else 2
        )
    assert {path for path in without if path.parts[0] == "assets"} and all(
        beside[path].read_bytes() == without[path].read_bytes()
        for path in without
        if path.parts[0] in ("assets", "badges")
    )
    assert 'href="data/barometer.duckdb"' in (asking_site / "data.html").read_text()
    assert 'href="data/barometer.duckdb"' not in (site / "data.html").read_text()


def test_a_report_answers_sql_when_it_is_asked_to(
    asking_file: Path, packages: Path, barometer: Barometer, asking_site: Path, drawings: Path
) -> None:
    """By the option for one report, by the variable for all; without either the page is gone again."""
    data, site = (Path(barometer.environment[name]) for name in ("BAROMETER_DATA", "BAROMETER_SITE"))
    put_in_place(packages, data / "packages")
    (data / "barometer.duckdb").write_bytes(asking_file.read_bytes())
    draw_in(drawings, data)
    made = []
    for arguments, variables in (
        (["--with-sql"], {}),
        ([], {}),
        ([], {"BAROMETER_SITE_SQL": "yes"}),
    ):
        done = barometer("report", *arguments, **variables)
        assert done.returncode in (0, 3), done.stderr
        made.append(((site / "ask.html").exists(), (site / "data/barometer.duckdb").exists()))
    assert made == [(True, True), (False, False), (True, True)]

    done = barometer("report", BAROMETER_SITE_SQL="perhaps")
    assert (done.returncode, done.stderr.strip()) == (
        2,
        "barometer: BAROMETER_SITE_SQL: found 'perhaps', expected yes or no",
    )
