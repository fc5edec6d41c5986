"""How fresh the published sources are by the machine's clock, and the exit code that says so."""

from collections.abc import Iterable, Mapping

import typer

from flows.console.say import print_lines, say_problem
from flows.console.table import Grid, print_grid
from flows.pipeline.degraded import SILENT, degraded_among, degraded_sources, failed_checks
from warehouse.archive.fetched import fetch_published
from warehouse.config.settings import Settings, read_settings
from warehouse.published.freshness import sources_at
from warehouse.published.open import open_published

DEGRADED = 3

COLUMNS = ("source", "state", "last answer", "last period", "days old", "expected")


def status() -> None:
    """Show how fresh each source is today, a line each; below, why it is not, and what the checks found.

    Ends with 3 where a source is failed, stale or never collected, or a check of severity error withholds it;
    a check that warns is told. A source whose figures are known to end in the demo may be stale there.
    """
    settings = read_settings()
    fetch_published(settings)
    with open_published(settings.published_file) as published:
        sources = sources_at(published, settings.clock())
        found, degraded = failed_checks(published), degraded_among(sources, published, settings)
    rows = [
        (
            row["source_id"],
            row["state"],
            row["last_success_at"] and f"{row['last_success_at']:%Y-%m-%d %H:%M}",
            row["last_period"],
            row["lag_days"],
            row["expected_lag_days"],
        )
        for row in sources
    ]
    print_grid(Grid(COLUMNS, rows))
    print_lines(f"{row['source_id']}: {row['reason']}" for row in sources if row["reason"])
    print_lines(known_to_end(settings, {str(row["source_id"]): str(row["state"]) for row in sources}))
    print_lines(found)
    end_degraded(degraded)


def known_to_end(settings: Settings, states: Mapping[str, str]) -> list[str]:
    """Return, in a line each, which sources are not as they should be and yet do not degrade the demo."""
    told = "its figures are known to end in the demo, so this is no fault"
    ended = sorted(settings.ended_sources & states.keys())
    return [f"{source_id}: {told}" for source_id in ended if states[source_id] in SILENT]


def finish(settings: Settings) -> None:
    """End with the exit code that the published file's sources ask for."""
    end_degraded(degraded_sources(settings))


def end_degraded(sources: Iterable[str], why: str = "see `barometer status`") -> None:
    """Name the degraded sources and end with the exit code that says so; return where there is none."""
    if degraded := sorted(set(sources)):
        say_problem(f"barometer: degraded: {', '.join(degraded)}; {why}")
        raise typer.Exit(DEGRADED)
