"""The objects below an address like `s3://bucket/prefix`, by name: put, fetched, listed, deleted.

What they mean is not known here. Credentials and endpoint are those that AWS's own tools read:
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL and the like, or the profile in the home folder.

Every function raises ConfigurationError where the way there is not set up (no s3fs, no such bucket, no
credentials or not the right), and StorageFailed where it is, and what was to be done could not be.
"""

import errno
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from warehouse.errors import BarometerError, ConfigurationError, StorageFailed

# As many requests at once: each waits for an answer for some hundredths of a second.
AT_ONCE = 8
# What S3 deletes in one request.
MOST_DELETED = 1_000
PROBE = "put-if-absent"
# What the disk says where a fetched file does not fit; no storage does.
OF_THIS_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@dataclass(frozen=True)
class Object:
    """An object as it is listed: bytes, and the tag that it has as long as its content stays."""

    size: int
    etag: str


@dataclass(frozen=True)
class Store:
    """The objects below an address; names are relative to it, with `/` between folders."""

    address: str

    def put(self, file: Path, name: str) -> None:
        """Put a file there, in place of what had the name; readers meet the one or the other, whole."""
        with self._told(name):
            self._files.put_file(str(file), self.path(name))

    def put_new(self, file: Path, name: str) -> bool:
        """Put a file there unless something has the name; return whether it was put."""
        with self._told(name):
            return _unless_taken(self._files.put_file, str(file), self.path(name))

    def write_new(self, content: bytes, name: str) -> bool:
        """Put bytes there unless something has the name; return whether they were put."""
        with self._told(name):
            return _unless_taken(self._files.pipe_file, self.path(name), content)

    def get(self, name: str, file: Path) -> None:
        """Fetch an object into a file, which appears whole, under its name, or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        building = file.with_name(f".{uuid4().hex}.fetching")
        try:
            with self._told(name):
                self._files.get_file(self.path(name), str(building))
            building.replace(file)
        finally:
            building.unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """Return what an object holds."""
        with self._told(name):
            content: bytes = self._files.cat_file(self.path(name))
            return content

    def find(self, name: str) -> Object | None:
        """Return how an object is; None where there is none."""
        with self._told(name):
            try:
                return _object(self._files.info(self.path(name)))
            except FileNotFoundError:
                return None

    def list(self, prefix: str) -> Mapping[str, Object]:
        """Return the objects below a folder, which ends with `/`, by name."""
        with self._told(prefix):
            found = self._files.find(self.path(prefix), detail=True)
        start = len(self.path(""))
        return {path[start:]: _object(told) for path, told in sorted(found.items())}

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects, those that are not there, too."""
        paths = [self.path(name) for name in names]
        for start in range(0, len(paths), MOST_DELETED):
            with self._told(""):
                self._files.rm(paths[start : start + MOST_DELETED])

    def delete_below(self, prefix: str) -> None:
        """Delete all objects below a folder, which ends with `/`."""
        self.delete(self.list(prefix))

    def require_exclusive(self) -> None:
        """Raise ConfigurationError for a storage that puts one object in place of another, asked not to.

        Some do not know the condition, and ignore it. The object that is put for this stays there.
        """
        if self.write_new(b"", PROBE) and self.write_new(b"", PROBE):
            raise ConfigurationError(
                f"BAROMETER_DATA: {self.address}: found that it puts one object in place of another, asked "
                "not to; expected a storage that honours If-None-Match, without which two writers do not see "
                "each other"
            )

    def path(self, name: str) -> str:
        """Return what s3fs, and DuckDB by it, calls an object: bucket and key."""
        return f"{self.address.partition('://')[2]}/{name}"

    @property
    def _files(self) -> Any:
        return _file_system()

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """Raise what comes of a request as an error of ours, which names the object and what to do."""
        try:
            yield
        except (BarometerError, FileExistsError):
            raise
        except OSError as error:
            if error.errno in OF_THIS_MACHINE:
                raise
            raise _error(f"{self.address}/{name}".rstrip("/"), error) from error
        except Exception as error:  # of s3fs, botocore and aiohttp, which have no base in common
            raise _error(f"{self.address}/{name}".rstrip("/"), error) from error


def _unless_taken(put: Any, *arguments: object) -> bool:
    try:
        put(*arguments, mode="create")
    except FileExistsError:
        return False
    return True


def _object(told: Mapping[str, Any]) -> Object:
    return Object(int(told["size"]), str(told.get("ETag", "")).strip('"'))


@cache
def _file_system() -> Any:
    """Return s3fs's files: never from a listing of before, as others write there."""
    try:
        from s3fs import S3FileSystem  # not part of the usual installation
    except ImportError as error:
        raise ConfigurationError(
            f"BAROMETER_DATA: {error}, expected s3fs for an address of object storage; `make s3` installs it"
        ) from error
    return S3FileSystem(use_listings_cache=False, skip_instance_cache=True)


def _error(where: str, error: Exception) -> BarometerError:
    from botocore.exceptions import NoCredentialsError, PartialCredentialsError

    told = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        expected = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
    elif isinstance(error, PermissionError):
        expected = "credentials that may list, read, put and delete there"
    elif isinstance(error, FileNotFoundError) and "bucket" in told:
        expected = "a bucket that there is; make it, or mend the name"
    elif isinstance(error, FileNotFoundError):
        return StorageFailed(f"{where}: found no such object, expected one; put it back from a backup")
    else:
        return StorageFailed(
            f"{where}: {told}, expected an answer of the object storage; nothing that was archived or "
            "published is lost, and the next run goes on from there"
        )
    return ConfigurationError(f"BAROMETER_DATA: {where}: {told}, expected {expected}")
