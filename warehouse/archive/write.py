"""The archive: every answer of a source, unedited, one gzip JSON-lines file a source and run.

One thing is edited: where an answer repeats a secret that is known here, a marker stands in its place
(`warehouse.config.secrets`), and the answer's digest is that of what is archived.

Files are append-only and the only truth: written under a temporary name, renamed when complete, never
rewritten; `compact` packs those of a complete month into one, as they are. The last line of a file tells how
the attempt went. What a killed run left under its temporary name is saved by `recovery`. Nothing here
interprets an answer; that is SQL's work
(`sql/models/sources`).
"""

import base64
import fcntl
import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import uuid4

from warehouse.archive.month_files import files_of_sources, month_files, packed_files
from warehouse.config.secrets import NONE, Secrets
from warehouse.config.settings import Clock
from warehouse.disk import storage_told
from warehouse.errors import ConfigurationError, NotAsked, SourceError, StorageFailed, UsedUp
from warehouse.text import one_line

# URL parameters that carry a credential, or the token of a session.
SECRET_PARAMETERS = frozenset({"access_token", "api_key", "key", "password", "token"})

# A file's name begins with the time of its attempt, UTC.
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}\.jsonl\.gz")
# Of gzip: 9, the default, takes more than three times as long for one byte in a hundred.
LEVEL = 6


@dataclass(frozen=True)
class LastAnswer:
    """When a question was last answered, and what confirms an answer as still the same one."""

    read_at: datetime
    sha256: str
    etag: str | None = None


# By (endpoint, key) of a source.
LastAnswers: TypeAlias = Mapping[tuple[str, str], LastAnswer]


@dataclass(frozen=True)
class Page:
    """One answer: what was asked (endpoint, key, url), when, and what came back, as it came.

    `key` names the thing asked for in the source's own words (a repository, a package, a tag and
    month). `problem` is None for an answer to the question, else why it is none. An answer that says
    "as before" has no body; `same_as` is the SHA-256 of the body that it confirms.
    """

    endpoint: str
    key: str
    url: str
    status: int
    fetched_at: datetime
    body: bytes
    problem: str | None = None
    etag: str | None = None
    same_as: str | None = None


@dataclass(frozen=True)
class Attempt:
    """How one attempt at a source went; `problem` is the first reason why it is not complete.

    `postponed` says what was not asked, to spare a quota or because the source cannot answer it; that is no
    problem. `bytes` are those of all answers' bodies, refusals too, as they are after decompression.
    `service` names which of the source's services was asked; None where the source has one alone.
    """

    source_id: str
    started_at: datetime
    finished_at: datetime
    answers: int
    refused: int
    problem: str | None
    postponed: str | None = None
    bytes: int = 0
    service: str | None = None


def record_attempt(
    archive: Path,
    source_id: str,
    clock: Clock,
    fetch: Callable[[Callable[[Page], None]], None],
    service: str | None = None,
    secrets: Secrets = NONE,
) -> Attempt:
    """Run `fetch`, archive every page it hands over, and return how it went.

    `service` names which one is asked of a source that has several; `secrets` are kept out of the file.

    Each page is on its way to the disk before the next is asked for. The file appears whole, under its
    final name, when fetching has ended, however it ended; until then its writer holds a lock on it. A
    SourceError is told by `problem`, of which NotAsked is none; any other exception is raised again, with
    what was fetched kept.
    Equal content under an equal clock has the equal name, so recording it twice is recording it once.
    Raises ConfigurationError for a folder that cannot be written, and StorageFailed where there is no room:
    then the next run saves what was fetched.
    """
    folder = archive / source_id
    temporary = folder / _temporary_name(service)
    recorder = _Recorder(source_id, clock, service, secrets)
    with (
        storage_told(folder),
        _open_for_writing(temporary) as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=raw, mtime=0) as stream,
    ):
        try:
            fetch(lambda page: recorder.write_page(stream, raw, page))
        except NotAsked as stop:
            recorder.postponed = one_line(secrets.strip(str(stop)))
            if isinstance(stop, UsedUp):
                recorder.forgive_last()
        except SourceError as error:
            recorder.problem = one_line(secrets.strip(str(error)))
        except StorageFailed:
            raise  # what is on the disk is not whole
        except BaseException as error:
            recorder.problem = f"{source_id}: interrupted by {type(error).__name__}"
            recorder.complete(stream, raw, temporary)
            raise
        return recorder.complete(stream, raw, temporary)


class _Recorder:
    """Writes the lines of one attempt and counts them."""

    def __init__(self, source_id: str, clock: Clock, service: str | None, secrets: Secrets) -> None:
        self._source_id = source_id
        self._secrets = secrets
        self._service = service
        self._clock = clock
        self._started_at = clock()
        self._digest = hashlib.sha256()
        self._answers = 0
        self._refused = 0
        self._bytes = 0
        self._problem_before: str | None = None
        self.problem: str | None = None
        self.postponed: str | None = None

    def write_page(self, stream: gzip.GzipFile, raw: IO[bytes], page: Page) -> None:
        page = _without(self._secrets, page)
        with storage_told(Path(raw.name).parent):
            self._write(stream, "page", _page_line(page))
            stream.flush()
            raw.flush()
        self._bytes += len(page.body)
        if page.problem is None:
            self._answers += 1
        else:
            self._refused += 1
            self._problem_before = self.problem
            self.problem = self.problem or page.problem

    def forgive_last(self) -> None:
        """Let the last refusal be no problem of the attempt's."""
        self.problem = self._problem_before

    def complete(self, stream: gzip.GzipFile, raw: IO[bytes], temporary: Path) -> Attempt:
        """Write the last line and give the file its name, once all of it is on the disk."""
        attempt = self._write_attempt(stream)
        stream.close()
        os.fsync(raw.fileno())
        name = f"{self._started_at.strftime(STAMP)}-{self._digest.hexdigest()[:12]}.jsonl.gz"
        temporary.rename(temporary.with_name(name))
        return attempt

    def _write_attempt(self, stream: gzip.GzipFile) -> Attempt:
        attempt = Attempt(
            self._source_id,
            self._started_at,
            self._clock(),
            self._answers,
            self._refused,
            self.problem,
            self.postponed,
            self._bytes,
            self._service,
        )
        line = asdict(attempt)
        del line["source_id"]
        if self._service is None:
            del line["service"]
        self._write(stream, "attempt", line)
        return attempt

    def _write(self, stream: gzip.GzipFile, kind: str, line: dict[str, Any]) -> None:
        tagged = {"kind": kind, "source": self._source_id, **line}
        data = json.dumps(tagged, ensure_ascii=False, default=datetime.isoformat).encode() + b"\n"
        self._digest.update(data)
        stream.write(data)


def _temporary_name(service: str | None) -> str:
    """Return a name that no other attempt has, and from which a killed one's service can be read."""
    return "." + ".".join(filter(None, (service, uuid4().hex, "tmp")))


def service_of(temporary: Path) -> str | None:
    """Return which service the attempt asked that left a file under its temporary name."""
    return temporary.name.removesuffix(".tmp").strip(".").rpartition(".")[0] or None


def archived_files(archive: Path) -> list[Path]:
    """Return the complete files, oldest run first; those in a month file as if they lay beside it.

    What else lies there, under other names, is left alone. Raises ArchiveDamaged for a folder that cannot be
    read, and for a month file in which some are missing.
    """
    packed = {file for month_file in month_files(archive) for file in packed_files(month_file)}
    loose = (file for file in files_of_sources(archive) if is_attempt(file))
    return sorted(packed.union(loose), key=lambda file: (file.name, file.parent.name))


def is_attempt(file: Path) -> bool:
    """Whether a file has a name as an attempt's: a time that there is, and the digest of its content."""
    try:
        return NAME.fullmatch(file.name) is not None and bool(started_at(file))
    except ValueError:
        return False


def name_of(file: Path) -> str:
    """Return what an archive file is called in the tables: its source and its name."""
    return f"{file.parent.name}/{file.name}"


def started_at(file: Path) -> datetime:
    """Return when the attempt of an archive file began, to the second."""
    return datetime.strptime(file.name.partition("-")[0], STAMP).replace(tzinfo=UTC)


def strip_secrets(url: str) -> str:
    """Return the URL without credentials: neither in its parameters nor before its host."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name not in SECRET_PARAMETERS]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=urlencode(kept)))


def _without(secrets: Secrets, page: Page) -> Page:
    """Return a page without secrets: neither in what was asked nor in what came back."""
    strip = secrets.strip
    return replace(
        page,
        key=strip(page.key),
        url=strip(strip_secrets(page.url)),
        body=secrets.strip_bytes(page.body),
        problem=page.problem and one_line(strip(page.problem)),
        etag=page.etag and strip(page.etag),
    )


def _page_line(page: Page) -> dict[str, Any]:
    """Return a page as the archive keeps it; a body that is no UTF-8 is kept in base 64."""
    line = {**vars(page), "sha256": hashlib.sha256(page.body).hexdigest()}
    try:
        line["body"] = page.body.decode("utf-8")
    except UnicodeDecodeError:
        line["body_base64"] = base64.b64encode(line.pop("body")).decode("ascii")
    return line


def _open_for_writing(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = path.open("wb")
        fcntl.flock(raw, fcntl.LOCK_EX)
        return raw
    except OSError as error:
        raise ConfigurationError(
            f"BAROMETER_DATA: {path.parent}: {error.strerror}, expected a folder that can be written"
        ) from error
