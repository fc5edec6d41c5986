"""The files of the site by which a page answers SQL: engine, its worker, and the published file itself."""

import gzip
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from pathlib import Path

from reports.build.engine.exports import only_exports
from reports.build.engine.packages import ARROW, ENGINE, PACKAGES, members
from reports.charts.painting.cache import Cache

# Named by the version, so that no browser mixes what it has of one with another.
FOLDER = Path("assets", f"duckdb-{ENGINE.version}")
DATABASE = Path("data", "barometer.duckdb")
PACKED = Path("data", "barometer.duckdb.gz")
# What the engine's script asks of Arrow, which is one script for the whole page and no module.
ARROW_MODULE = "export const { RecordBatchReader, Table, tableToIPC, Type } = globalThis.Arrow;\n"
SCRIPT, MODULE, WORKER = "duckdb-browser.mjs", "duckdb-eh.wasm", "duckdb-browser-eh.worker.js"
ARROW_SCRIPT, ARROW_LICENCES = "Arrow.es2015.min.js", ("LICENSE.txt", "NOTICE.txt")
NOTICE = (
    "duckdb.mjs, duckdb-worker.js.gz, duckdb.wasm.gz: DuckDB-Wasm {duckdb}, MIT licence, with what "
    "it is made of. Of the module the exports were taken out that only extensions use.\n"
    "arrow.js: Apache Arrow {arrow}, Apache licence 2.0, which follows with its notice.\n\n"
)


@dataclass(frozen=True)
class Engine:
    """The engine in a site, and the published file beside it, packed once and as it is."""

    packages: Path
    cache: Cache

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Yield the engine's files by their path in the site."""
        yield from ((FOLDER / name, content) for name, content in self._files.items())

    def facts(self, building: Path) -> dict[str, object]:
        """Return what the page's script needs to know: where engine and file are, and how much is fetched."""
        fetched = sum(len(content) for name, content in self._files.items() if name.endswith(".gz"))
        return {"engine": FOLDER.as_posix(), "engine_bytes": fetched} | _database_facts(building)

    @cached_property
    def _files(self) -> Mapping[str, bytes]:
        script, module, worker = members(
            ENGINE, self.packages, *(f"dist/{name}" for name in (SCRIPT, MODULE, WORKER))
        )
        arrow, *licences = members(ARROW, self.packages, ARROW_SCRIPT, *ARROW_LICENCES)
        told = NOTICE.format(duckdb=ENGINE.version, arrow=ARROW.version).encode()
        return {
            "duckdb.mjs": _without_map(script.replace(b'from"apache-arrow"', b'from"./arrow.mjs"')),
            "arrow.mjs": ARROW_MODULE.encode(),
            "arrow.js": _without_map(arrow),
            "duckdb-worker.js.gz": pack(_without_map(worker)),
            "duckdb.wasm.gz": self.cache.get(
                "engine", [str(one) for one in PACKAGES], lambda: _small(module, worker)
            ),
            "licences.txt": told + b"\n".join(licences),
        }


def write_database(published: Path, building: Path) -> list[Path]:
    """Write the published file into a new site, as it is and packed; return their paths in it."""
    shutil.copyfile(published, building / DATABASE)
    with (
        (building / DATABASE).open("rb") as whole,
        (building / PACKED).open("wb") as target,
        gzip.GzipFile("", "wb", 6, target, mtime=0) as packed,
    ):
        shutil.copyfileobj(whole, packed, 2**20)
    return [DATABASE, PACKED]


def _database_facts(building: Path) -> dict[str, object]:
    """Return what the page needs to know of the published file in its site: where, how large, which."""
    with (building / PACKED).open("rb") as packed:
        digest = file_digest(packed, "sha256").hexdigest()
    return {
        "database": DATABASE.as_posix(),
        "packed": PACKED.as_posix(),
        "packed_bytes": (building / PACKED).stat().st_size,
        "version": digest[:16],
    }


def pack(content: bytes) -> bytes:
    """Return the content as gzip; equal content makes equal bytes."""
    return gzip.compress(content, 9, mtime=0)


def _small(module: bytes, worker: bytes) -> bytes:
    """Return the engine's module, packed, with the exports that its worker's script names."""
    named = set(re.findall(r"[A-Za-z_$][\w$]*", worker.decode()))
    wanted = named | {name.removeprefix("_") for name in named}
    return pack(only_exports(module, wanted))


def _without_map(script: bytes) -> bytes:
    """Return a script that names no file of its sources, which are not in the site."""
    return re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", script)
