"""A file of columns that lies elsewhere, queried by DuckDB in place: only the parts it needs are asked for.

They are asked for through the client, and so paced, retried, bounded and of one version of the file.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock, local
from typing import Any

import duckdb
from fsspec import AbstractFileSystem

from flows.client.client import Client
from warehouse.errors import SourceError
from warehouse.text import one_line

# Where a file's list of its columns ends, and the filters before it: DuckDB asks for them bit by bit.
LEAST_BYTES = 2**18
# Files are told apart by their scheme; each connection knows one file.
NAME = "parts://file"


class RemoteFile:
    """The bytes of one version of a file; what was read once is kept, and none of it is asked for twice.

    A part has `least_bytes` at least: many where most of the file is needed. Without an `etag` the address
    itself is of one version.
    """

    def __init__(
        self,
        client: Client,
        key: str,
        url: str,
        size: int,
        etag: str | None,
        least_bytes: int = LEAST_BYTES,
    ) -> None:
        self.client, self.size = client, size
        self._least_bytes = least_bytes
        self.error: SourceError | None = None
        self._ask = (client, key, url, etag)
        self._parts: list[tuple[int, bytes]] = []
        self._lock = Lock()

    def read(self, first: int, length: int) -> bytes:
        """Return so many bytes, fewer at the end; a SourceError is kept as `error` too, and ends it all."""
        end = min(first + length, self.size)
        if first >= end:
            return b""
        with self._lock:
            if self.error:
                raise self.error
            start, body = next((part for part in self._parts if _holds(part, first, end)), None) or (
                self._fetch(first, end)
            )
        return body[first - start : end - start]

    def _fetch(self, first: int, end: int) -> tuple[int, bytes]:
        client, key, url, etag = self._ask
        start = max(0, min(first, self.size - self._least_bytes))
        end = min(self.size, max(end, start + self._least_bytes))
        try:
            part = (start, client.read_part(key, url, start, end - 1, etag))
        except SourceError as error:
            self.error = error
            raise
        self._parts.append(part)
        return part


def _holds(part: tuple[int, bytes], first: int, end: int) -> bool:
    start, body = part
    return start <= first and end <= start + len(body)


def query_file(file: RemoteFile, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query that reads `parts://file`, a Parquet file.

    Raises the SourceError that a part of it was answered with, and ValueError for what is no such file.
    """
    connection = file.client.once(_engine)
    connection.register_filesystem(_Files(file))
    try:
        return connection.execute(sql, parameters).fetchall()
    except duckdb.Error as error:
        if file.error:
            raise file.error from None
        found = one_line(str(error).partition("\n")[0])
        raise ValueError(f"found {found}, expected a Parquet file") from error
    finally:
        connection.unregister_filesystem(_Files.protocol)


def _engine() -> duckdb.DuckDBPyConnection:
    """Return an engine for one file after another: to start one takes longer than to read most files.

    It keeps nothing of a file for the next, which has the same name.
    """
    kept_of_files = {"enable_external_file_cache": False, "parquet_metadata_cache": False}
    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False, **kept_of_files})


class _Files(AbstractFileSystem):  # type: ignore[misc]
    """The one file, as DuckDB looks for it."""

    protocol = "parts"
    cachable = False

    def __init__(self, file: RemoteFile) -> None:
        super().__init__()
        self._file = file

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": self._file.size, "type": "file"}

    def modified(self, path: str) -> datetime:
        """Return a day that stays: what is asked for is one version of the file."""
        return datetime(2000, 1, 1, tzinfo=UTC)

    def open(self, path: str, mode: str = "rb", **_: Any) -> "Handle":
        return Handle(self._file)


class Handle:
    """A place in the file, one for each thread.

    DuckDB 2.0 reads ahead in a thread of its own, even where it is allowed one alone, and moves and reads the
    same handle from both at once.
    """

    def __init__(self, file: RemoteFile) -> None:
        self._file = file
        self._thread = local()

    def seek(self, place: int, whence: int = 0) -> int:
        self._thread.place = (0, self.tell(), self._file.size)[whence] + place
        return self.tell()

    def tell(self) -> int:
        place: int = getattr(self._thread, "place", 0)
        return place

    def read(self, length: int = -1) -> bytes:
        body = self._file.read(self.tell(), length if length >= 0 else self._file.size)
        self._thread.place = self.tell() + len(body)
        return body

    def flush(self) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """Nothing is held."""
