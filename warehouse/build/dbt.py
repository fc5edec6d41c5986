"""Building the models: dbt, in this process, on the work database."""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from warehouse.archive.quarantine import Place
from warehouse.build import project
from warehouse.build.blame import found_elsewhere
from warehouse.build.checks import Check, check_of, is_checked
from warehouse.build.invoke import Dbt, run_dbt
from warehouse.build.macros import forget_uncalled
from warehouse.build.project import models_digest
from warehouse.build.selection import (
    LEFT_OUT,
    leave_out,
    leave_out_settled,
    leave_out_tests,
    unasked_sources,
)
from warehouse.config.settings import Settings
from warehouse.regular import read_regular, replacing

# What a parsed project is made by.
PARSED_BY = ("dbt-core", "dbt-adapters", "dbt-duckdb", "barometer")
MOST_PARSED_BYTES = 256 * 2**20
# In the folder of dbt: how long the last build was at each of its nodes, for who asks where the time goes.
SECONDS = "seconds.json"

# The checks stay, whichever of the models that they name are left out.
BUT_LEFT_OUT = ("--exclude", f"tag:{LEFT_OUT}", "--indirect-selection", "empty")

# The project as this process knows it, by its digest: to parse it takes longer than a small build.
_parsed: dict[str, bytes] = {}


@dataclass(frozen=True)
class Elsewhere:
    """What was built and asked elsewhere: results as dbt's own, and by check the answers to blame."""

    results: list[Any] = field(default_factory=list)
    answers: dict[str, set[Place]] = field(default_factory=dict)


# Builds a part of a manifest elsewhere, and changes it so that dbt takes from there what it can.
BuildElsewhere: TypeAlias = Callable[[Any, duckdb.DuckDBPyConnection], AbstractContextManager[Elsewhere]]


def build_models(
    settings: Settings,
    unchecked: Collection[str] = (),
    *,
    with_tests: bool = True,
    build_elsewhere: BuildElsewhere | None = None,
) -> list[Check]:
    """Run `dbt build` (seeds, models, and the tests that stand before publishing); return what was checked.

    That is every test, but those that could withhold an `unchecked` source, and every model that could not be
    built. What no answer since the last whole build can have changed is left as it is, and a check of that
    alone keeps its result. Of a source that is not asked there is nothing, but what published tables are made
    from. Without tests, models are all that is built: for tests of what these make, never for publishing.
    Raises GateClosed where dbt cannot work at all.
    """
    # While it is open here, none of dbt's nodes has to open the file anew.
    with duckdb.connect(settings.work_file) as work, unsteered():
        work.execute("set TimeZone = 'UTC'")
        manifest, unasked = parsed_project(settings), unasked_sources(work)
        leave_out(manifest, unasked, unchecked)
        if not with_tests:
            leave_out_tests(manifest)
        kept = leave_out_settled(manifest, work)
        options = [*dbt_options(settings, unasked), *BUT_LEFT_OUT]
        with build_elsewhere(manifest, work) if build_elsewhere else nullcontext(Elsewhere()) as elsewhere:
            dbt = Dbt(manifest, options, work)
            results = dbt.build(elsewhere.results)
        (_target(settings) / SECONDS).write_text(json.dumps(dbt.seconds))
        nodes = {one.node.unique_id: one.node for one in results}
        checks = [check_of(one, nodes, work) for one in results if is_checked(one)]
        blamed = [_with_blame(check, elsewhere.answers, work) for check in checks]
        return [*blamed, *(kept if with_tests else ())]


def _with_blame(
    check: Check, answers: Mapping[str, Collection[Place]], work: duckdb.DuckDBPyConnection
) -> Check:
    """Return a check with the answers that were found to blame elsewhere, where it did not pass."""
    if check.passed or not answers.get(check.check_id):
        return check
    named, are_most = found_elsewhere(answers[check.check_id], work)
    return replace(check, answers=named, are_most=are_most)


@contextmanager
def unsteered() -> Iterator[None]:
    """Hide the variables from dbt by which an environment changes what it builds and checks."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("DBT_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def parsed_project(settings: Settings) -> Any:
    """Return dbt's manifest of the project, for one build; it is kept for the next process.

    In the project's own folder, where dbt keeps such files, or in the data folder where that is not to be
    written. dbt's own partial parse would not do: it begins anew wherever a variable differs, and ours name
    files.
    """
    digest = project_digest()
    places = [
        folder / f"parsed-{digest}.msgpack" for folder in (project.DBT_PROJECT / "target", _target(settings))
    ]
    packed = _parsed.get(digest) or next(filter(None, map(_read, places)), b"")
    manifest = _unpacked(packed)
    if manifest is None:
        manifest = _parse_anew(settings)
        packed = manifest.to_msgpack()
        with suppress(OSError):  # a full disk is told by what needs it
            keep(packed, places)
    _parsed.clear()
    _parsed[digest] = packed
    return manifest


def project_digest() -> str:
    """Return a digest of the project and of what parses and compiles it."""
    return hashlib.sha256(" ".join([models_digest(), *map(version, PARSED_BY)]).encode()).hexdigest()


def _parse_anew(settings: Settings) -> Any:
    manifest = run_dbt(["parse", *dbt_options(settings)]).result
    forget_uncalled(manifest)
    return manifest


def _read(file: Path) -> bytes:
    try:
        return read_regular(file, MOST_PARSED_BYTES)
    except OSError:
        return b""


def _unpacked(packed: bytes) -> Any:
    from dbt.contracts.graph.manifest import Manifest

    try:
        return Manifest.from_msgpack(packed)
    except Exception:  # whatever was made of a file that is not whole: it is parsed anew, and replaced
        return None


def keep(content: bytes, places: Sequence[Path]) -> Path:
    """Keep what was made of the project in the first of the places that takes it, and return that.

    A file's name ends in the digest of what it was made of, behind a dash; outdated ones are removed. Raises
    OSError where no place takes it.
    """
    refused = OSError("no place to keep what is made of the project")
    for place in places:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            for outdated in place.parent.glob(f"{place.name.partition('-')[0]}-*{place.suffix}"):
                outdated.unlink(missing_ok=True)
            with replacing(place) as building:
                building.write_bytes(content)
        except OSError as error:
            refused = error
        else:
            return place
    raise refused


def dbt_options(settings: Settings, unasked: Collection[str] = ()) -> list[str]:
    """Return the options that point dbt at this project and this work database, quietly.

    The models of all sources are told of each but those `unasked`.
    """
    target, offered = _target(settings), project.offers(project.DBT_PROJECT)
    sources = {name: parts for name, parts in offered.items() if name not in unasked}
    told = {
        "work_file": str(settings.work_file),
        "macros_file": str(project.MACROS),
        "memory_limit": settings.memory_limit,
    }
    return [
        *("--project-dir", str(project.DBT_PROJECT), "--profiles-dir", str(project.DBT_PROJECT)),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--vars", json.dumps({**told, "sources": sources})),
        *("--log-level", "none", "--no-use-colors", "--no-write-json"),
    ]


def _target(settings: Settings) -> Path:
    return settings.folder / "dbt"
