"""Machine facts and secrets: the one place where the environment is read.

What is compared (subjects, sources) is not here but in `ecosystem`; a contact may stand in either place, and
the environment's goes first.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from warehouse.config.contact import configured_contact, require_contact
from warehouse.config.declared import credential_kinds, public_urls
from warehouse.config.environment import (
    address,
    credential,
    mirror_of,
    notify,
    remote_of,
    require_usable,
)
from warehouse.config.secrets import NONE, NOTIFY, Secrets, known_secrets
from warehouse.errors import ConfigurationError
from warehouse.regular import read_regular

PROJECT = Path(__file__).resolve().parent.parent.parent

# Scheme, host and port of each interface; what follows is the source's own documented path.
PUBLIC_URLS: Mapping[str, str] = public_urls()

WEB = ("http", "https")
ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}
# Before the first and after the last of these years there is nothing to reckon with, and dates end.
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
LARGEST_MARKER_BYTES = 2**16

Clock: TypeAlias = Callable[[], datetime]

MEMORY = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?([MG])(i?)B", re.IGNORECASE)
LEAST_MEMORY = 10**9
# Of the memory that a build may take DuckDB is given so much: half of what a build takes is not counted by it
# (JSON that is read, strings that are compared), and Python needs some.
COUNTED_PERCENT = 40


# What an address for corrections has places for: the sentence above a chart, its series, the page, the day.
FILLED_IN = ("chart", "figure", "page", "date")


@dataclass(frozen=True)
class Settings:
    """Where things lie, what time it is, and the optional credentials (never shown in a repr).

    `remote` is the address of the object storage that the archive lives in; `data` then is this machine's
    mirror of it, and all that is read and written stands there. `memory` is what loading and building may
    take, in bytes; None where that follows the machine's.
    """

    data: Path
    site: Path
    config: Path
    clock: Clock
    urls: Mapping[str, str] = field(repr=False)  # a proxy's may hold a login
    contact: str | None = None
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    notify: str | None = field(default=None, repr=False)
    demo: bool = False
    ended_sources: frozenset[str] = frozenset()
    site_url: str | None = None
    corrections_url: str | None = None
    site_sql: bool = False
    dask_scheduler: str | None = None
    as_of: datetime | None = None
    remote: str | None = None
    memory: int | None = None
    others: Secrets = field(default=NONE, repr=False)

    @cached_property
    def secrets(self) -> Secrets:
        """What is secret of these settings, and beside them of the environment they were read from."""
        return known_secrets({**self.urls, **self.credentials, NOTIFY: self.notify or ""}) | self.others

    def credential(self, variable: str) -> str | None:
        """Return what a source is told by a variable; what it declares where that is not set, or nothing."""
        from warehouse.config.catalog import catalog  # most commands ask for none

        return self.credentials.get(variable) or catalog().credentials[variable].default

    def on_this_machine(self, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the same for whoever asks: of an archive on object storage each machine has its mirror."""
        return replace(self, data=_data(environment, self.remote)) if self.remote else self

    @property
    def archive(self) -> Path:
        """Folder of the archive: one folder a source, one file a run."""
        return self.data / "archive"

    @property
    def run_log(self) -> Path:
        """One JSON line a run: what it took, and what its readers have been told."""
        return self.data / "runs.jsonl"

    @property
    def work_file(self) -> Path:
        """The database that a run builds in; a cache of the archive."""
        return self.folder / "work.duckdb"

    @property
    def published_file(self) -> Path:
        """The database that readers open; replaced by rename, never written in place."""
        return self.folder / "barometer.duckdb"

    @property
    def packages(self) -> Path:
        """Folder of the npm packages by which a site answers SQL: fetched once, for every report."""
        return self.data / "packages"

    @property
    def folder(self) -> Path:
        """Folder of the databases: the data folder, or for a day in the past one of its own."""
        return self.data / "as-of" / f"{self.as_of:%Y-%m-%d}" if self.as_of else self.data

    @property
    def memory_limit(self) -> str:
        """DuckDB's limit while it loads and builds; what does not fit is put aside on the disk."""
        if self.memory is None:
            return f"{COUNTED_PERCENT}%"
        return f"{self.memory * COUNTED_PERCENT // 100 // 10**6}MB"

    def of(self, day: date) -> "Settings":
        """Return these settings at the end of a past day, with databases and a site of their own."""
        then = datetime.combine(day, time.max, UTC)
        past = replace(self, as_of=then, clock=lambda: then)
        return replace(past, site=past.folder / "site")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives.

    Raises ConfigurationError for a value that cannot be understood. A data folder that
    `barometer demo` made carries its own clock and configuration, so that every later command on it agrees.
    """
    require_usable(environment)
    remote = remote_of(environment)
    data = _data(environment, remote)
    demo = read_demo_marker(data)
    config = path_of(environment, "BAROMETER_CONFIG", Path(demo.get("config") or PROJECT / "ecosystem.toml"))
    return Settings(
        data=data,
        site=path_of(environment, "BAROMETER_SITE", PROJECT / "reports" / "site"),
        config=config,
        clock=_clock(environment.get("BAROMETER_NOW") or demo.get("now")),
        urls={name: _base_url(environment, name) for name in PUBLIC_URLS},
        contact=_contact(environment.get("BAROMETER_CONTACT")) or configured_contact(config),
        credentials={name: told for name in credential_kinds() if (told := credential(environment, name))},
        notify=notify(environment),
        demo=bool(demo),
        ended_sources=frozenset(demo.get("ended_sources", "").split()),
        site_url=_site_url(environment),
        corrections_url=_corrections_url(environment),
        site_sql=_answer(environment, "BAROMETER_SITE_SQL"),
        dask_scheduler=credential(environment, "BAROMETER_DASK_SCHEDULER"),
        remote=remote,
        memory=memory_of(environment),
        others=known_secrets(environment),
    )


def _data(environment: Mapping[str, str], remote: str | None) -> Path:
    """Return the data folder; of an archive on object storage, its mirror in this machine's cache."""
    if not remote:
        data = path_of(environment, "BAROMETER_DATA", PROJECT / "warehouse" / "data")
        _require_folder("BAROMETER_DATA", data)
        return data
    home = Path(environment.get("XDG_CACHE_HOME") or "~/.cache")
    cache = path_of(environment, "BAROMETER_CACHE", home / "barometer")
    _require_folder("BAROMETER_CACHE", cache)
    return cache / mirror_of(remote, environment)


def demo_marker(data: Path) -> Path:
    """The file that tells a data folder made by the demo from one of live figures."""
    return data / "demo.json"


def read_demo_marker(data: Path) -> dict[str, str]:
    """Return the demo's clock (`now`, ISO 8601), `config` and `ended_sources`; nothing for another's folder.

    Raises ConfigurationError for one that was damaged: whose figures the folder holds is not known then.
    """
    marker = demo_marker(data)
    try:
        told = json.loads(read_regular(marker, LARGEST_MARKER_BYTES))
        return {"now": told["now"] + "", **{name: text + "" for name, text in told.items()}}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigurationError(f"{marker}: {error.strerror}, expected a file that can be read") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ConfigurationError(
            f"{marker}: found something else than the demo wrote; remove the folder with `make clean`, "
            "or set BAROMETER_DATA to another"
        ) from error


def path_of(environment: Mapping[str, str], name: str, default: Path) -> Path:
    """Return the path that a variable gives, links followed; raises ConfigurationError for none.

    Whether something is there, and may be used, is told by who uses it.
    """
    given = environment.get(name) or str(default)
    try:
        given.encode()  # DuckDB's names of files are UTF-8
        path = Path(os.path.realpath(Path(given).expanduser()))
        path.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return path
    except OSError as error:  # a link that leads to itself, a name that is too long
        raise ConfigurationError(
            f"{name}: {given}: {error.strerror}, expected a path that can be used"
        ) from error
    except UnicodeEncodeError as error:
        raise ConfigurationError(f"{name}: found {given!r}, expected a path in UTF-8") from error
    except RuntimeError as error:
        raise ConfigurationError(f"{name}: found {given!r}, expected a path that begins at a home") from error
    return path


def _require_folder(name: str, path: Path) -> None:
    """Raise ConfigurationError for a path at which, or above which, something else than a folder is."""
    place = next(place for place in (path, *path.parents) if os.path.lexists(place))
    if not place.is_dir():
        raise ConfigurationError(f"{name}: {place}: Not a directory, expected a folder that can be written")


def memory_of(environment: Mapping[str, str]) -> int | None:
    """Return how many bytes a build may take; None where nothing is said of it."""
    given = environment.get("BAROMETER_MEMORY", "").strip()
    if not given:
        return None
    if told := MEMORY.fullmatch(given):
        number, kind, is_binary = told.groups()
        power = 2 if kind.upper() == "M" else 3
        memory = int(float(number) * (1024 if is_binary else 1000) ** power)
        if memory >= LEAST_MEMORY:
            return memory
    raise ConfigurationError(f"BAROMETER_MEMORY: found {given!r}, expected 1GB or more, like 2GB")


def _clock(text: str | None) -> Clock:
    if text is None:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad_clock(text) from error
    if moment.tzinfo is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise _bad_clock(text)
    fixed = moment.astimezone(UTC)
    return lambda: fixed


def _bad_clock(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"BAROMETER_NOW: found {text!r}, expected an ISO 8601 time of {EARLIEST_YEAR} to {LATEST_YEAR} "
        "with its zone, like 2025-08-06T06:00:00Z"
    )


def _contact(text: str | None) -> str | None:
    try:
        return require_contact(text.strip()) if text and text.strip() else None
    except ValueError as error:
        raise ConfigurationError(f"BAROMETER_CONTACT: {error}") from error


def _answer(environment: Mapping[str, str], name: str) -> bool:
    """Return whether a variable says yes; raises ConfigurationError for what is neither yes nor no."""
    given = environment.get(name, "").strip() or "no"
    if given not in ANSWERS:
        raise ConfigurationError(f"{name}: found {given!r}, expected yes or no")
    return ANSWERS[given]


def _site_url(environment: Mapping[str, str]) -> str | None:
    """Return where the site will be found, with the slash that relative addresses need; None if nowhere."""
    name, example = "BAROMETER_SITE_URL", "https://example.org/barometer/"
    url = credential(environment, name)
    if url:
        _require_no_login(name, url, example)
    return f"{url.rstrip('/')}/" if url else None


def _corrections_url(environment: Mapping[str, str]) -> str | None:
    """Return where a reader tells what is wrong with a chart, with places for what it is; None if nowhere."""
    name, example = "BAROMETER_CORRECTIONS_URL", "https://example.org/new?title={chart}&body={page}"
    url = credential(environment, name)
    if not url:
        return None
    if unknown := sorted(set(re.findall(r"{(.*?)}", url)) - set(FILLED_IN)):
        expected = ", ".join(f"{{{place}}}" for place in FILLED_IN)
        raise ConfigurationError(f"{name}: found {{{unknown[0]}}}, expected of {expected}, like {example}")
    if url.startswith("mailto:") and "@" in url:
        return url
    _require_no_login(name, re.sub("[{}]", "", url), example)
    return url


def _require_no_login(name: str, url: str, example: str) -> None:
    """Raise ConfigurationError where an address that stands on pages is no web address, or holds a login."""
    if address(name, url, example, WEB).auth:
        raise ConfigurationError(f"{name}: found a login, expected an address to publish, like {example}")


def _base_url(environment: Mapping[str, str], name: str) -> str:
    url = credential(environment, name)
    if url:
        address(name, url, PUBLIC_URLS[name], WEB)
    return (url or PUBLIC_URLS[name]).rstrip("/")
