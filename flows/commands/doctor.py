"""The command that looks at everything a run needs.

Exit codes: 0 all is well; 3 there is a warning; 2 there is a problem, and a run is likely to fail.
"""

from collections.abc import Iterator

import typer

from flows.commands.checkup import Finding, Verdict, machine, schedule, service, sources, storage
from flows.console.say import say
from warehouse.config.settings import read_settings
from warehouse.errors import ConfigurationError

EXIT_CODES = {Verdict.OK: 0, Verdict.WARNING: 3, Verdict.PROBLEM: 2}


def doctor() -> None:
    """Look at everything that a run needs, and say what to do where something is not well."""
    verdicts = {_write(finding) for finding in _findings()}
    worst = max(verdicts, key=list(Verdict).index)
    raise typer.Exit(EXIT_CODES[worst])


def _findings() -> Iterator[Finding]:
    try:
        settings = read_settings()
    except ConfigurationError as error:  # nothing else can be looked at
        yield Finding("settings", Verdict.PROBLEM, str(error))
        return
    for look in (service.look, storage.look, machine.look, sources.look, schedule.look):
        yield from look(settings)


def _write(finding: Finding) -> Verdict:
    say(f"{finding.verdict:8} {finding.check:18} {finding.found}")
    return finding.verdict
