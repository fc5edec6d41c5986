"""How findings are told: a line each, and the exit code where some source could not be asked."""

from collections.abc import Sequence

import typer

from flows.console.say import say_problem
from flows.console.table import Grid, print_grid
from flows.sources.identity import Finding, Verdict

UNASKED = 3
# Each has a line of its own above; what ends the command names so many of them.
MOST_NAMED = 10


def write_findings(findings: Sequence[Finding]) -> None:
    """Write a line for each finding to standard output."""
    rows = [(f.source_id, f.subject, f.identifier, str(f.verdict), f.words) for f in findings]
    print_grid(Grid(("source", "subject", "identifier", "verdict", "what the source says"), rows))


def only(findings: Sequence[Finding], verdict: Verdict) -> list[Finding]:
    """Return those with a verdict."""
    return [finding for finding in findings if finding.verdict is verdict]


def complaints(findings: Sequence[Finding]) -> str:
    """Return what is wrong or shared, found and expected, in one line; nothing where all is right."""
    wrong, shared = only(findings, Verdict.WRONG), only(findings, Verdict.SHARED)
    told = [f"found {listed(wrong)}, expected what the source knows"] if wrong else []
    told += [
        f"found {one.source_id} {one.identifier} in {one.subject}, expected it in one"
        for one in shared[:MOST_NAMED]
    ]
    more = len(shared) - MOST_NAMED
    return "; ".join([*told, *([f"and {more:,} more are shared"] if more > 0 else [])])


def listed(findings: Sequence[Finding]) -> str:
    """Return the identifiers in one line, each with its source; of many the first, and how many more."""
    names = [" ".join(filter(None, (f.source_id, f.identifier))) for f in findings]
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def end_unasked(message: str) -> None:
    """End the command, since some source could not be asked."""
    say_problem(f"barometer: {message}")
    raise typer.Exit(UNASKED)
