"""The service that was installed here: whether this command looks at the same folder as it does."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from flows.commands.checkup import Finding, Verdict, look_at
from warehouse.config.settings import Settings

WRITES_TO = re.compile(r'^Environment="?BAROMETER_DATA=([^"\n]+)', re.MULTILINE)


def look(settings: Settings) -> Iterator[Finding]:
    """Yield, for each installed unit that writes a data folder, whether it is the one looked at.

    Object storage is named in its settings file, which goes before the unit, and may be closed to others.
    """
    return look_at(settings, {} if settings.remote else {"service": _installed})


def _installed(settings: Settings) -> Iterator[Finding]:
    for unit in _units():
        if writes_to := WRITES_TO.search(unit.read_text()):
            yield _compare(unit, Path(writes_to[1]), settings)


def _units() -> Iterator[Path]:
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for folder in (config / "systemd" / "user", Path("/etc/systemd/system")):
        for name in ("barometer", "barometer-worker"):
            if os.access(unit := folder / f"{name}.service", os.R_OK):
                yield unit


def _compare(unit: Path, data: Path, settings: Settings) -> Finding:
    if Path(os.path.realpath(data)) == settings.data:
        return Finding("service", Verdict.OK, str(unit))
    found = f"{unit} writes {data}, and this looks at {settings.data}"
    return Finding("service", Verdict.WARNING, f"{found}; the service's own command is `barometer`")
