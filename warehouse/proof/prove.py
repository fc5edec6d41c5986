"""Published figures proved: made again from the archive, and compared with what the published file says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import groupby
from typing import Any

from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError
from warehouse.proof.compiled import compiled_models
from warehouse.proof.rebuild import Answer, Rebuild, rebuilt
from warehouse.published.figure_id import FigureId
from warehouse.published.open import Published, open_published

# What is published of a figure; of a tool's no revisions are.
FIGURES = """
select figures.*, metrics.name, metrics.unit, metrics.source_id, metrics.licence
from (
    from observations
    union all by name
    select * exclude (tool_id), tool_id as subject_id from tool_observations
) as figures
inner join metrics using (metric_id)
where subject_id = ? and metric_id = ? and period_start = ?
"""
COMPARED = (
    *("period_end", "value", "low", "high", "state", "state_reason", "basis", "observed_at", "revision"),
)
FILES = "select archive_file from source_attempts where source_id = ? and started_at <= ? order by all"
REVISIONS = """
select changed_at, old_value, new_value from revisions
where subject_id = ? and metric_id = ? and period_start = ?
order by changed_at
"""


@dataclass(frozen=True)
class Difference:
    """What the published file says of a figure, and what the archive does."""

    what: str
    published: object
    again: object


@dataclass(frozen=True)
class Proof:
    """A figure as it is published, what differs when it is made again, and what it was made from.

    `answers` are those from which alone it is made, where they were looked for; None where only all of them
    make it. `files` and `read` count what was read, `revisions` are the changes of the figure.
    """

    figure: FigureId
    published: Mapping[str, Any]
    differences: Sequence[Difference]
    answers: Sequence[Answer] | None
    files: int
    read: int
    revisions: Sequence[Mapping[str, Any]]

    @property
    def is_equal(self) -> bool:
        """Whether the archive makes what is published."""
        return not self.differences


def prove(
    figures: Sequence[FigureId], settings: Settings, ecosystem: Ecosystem, *, with_answers: bool
) -> list[Proof]:
    """Make figures again from the archived answers, and compare all that is published of each.

    Of each source the answers are read once, and no network is used. Raises ConfigurationError for a figure
    that is not published, ArchiveDamaged for an archive file that is not as it was written.
    """
    with open_published(settings.published_file) as published:
        told = [(_published(published, figure), figure) for figure in figures]
        (build,) = published.rows("select built_at from build_info")
        return list(_proofs(published, build["built_at"], told, settings, ecosystem, with_answers))


def _proofs(
    published: Published,
    built_at: datetime,
    told: Sequence[tuple[dict[str, Any], FigureId]],
    settings: Settings,
    ecosystem: Ecosystem,
    with_answers: bool,
) -> Iterator[Proof]:
    compiled = compiled_models(settings)

    def run_of(one: tuple[dict[str, Any], FigureId]) -> tuple[str, str]:
        return one[0]["source_id"], str(one[1].as_of or "")

    for (source_id, _), same in groupby(sorted(told, key=run_of), key=run_of):
        rows = list(same)
        until = min(built_at, _end_of(rows[0][1]) or built_at)
        files = [row["archive_file"] for row in published.rows(FILES, [source_id, until])]
        then = replace(settings, clock=lambda until=until: until)  # type: ignore[misc]
        with rebuilt(then, ecosystem, compiled, source_id, files) as again:
            for row, figure in rows:
                yield _proof(published, row, figure, again, with_answers)


def _proof(
    published: Published, row: dict[str, Any], figure: FigureId, again: Rebuild, with_answers: bool
) -> Proof:
    key = [figure.subject_id, figure.metric_id, figure.first_day]
    revisions = published.rows(REVISIONS, key)
    compared: Sequence[str] = [name for name in COMPARED if name != "revision" or row[name] is not None]
    if end := _end_of(figure):
        row, compared = row | {"value": _value_at(end, row["value"], revisions)}, ["value"]
    found = again.figure(figure) or {}
    differences = [
        Difference(name, row[name], found.get(name)) for name in compared if row[name] != found.get(name)
    ]
    answers = again.answers_of(figure) if with_answers else None
    return Proof(figure, row, differences, answers, again.files, again.answers, revisions)


def _published(published: Published, figure: FigureId) -> dict[str, Any]:
    rows = published.rows(FIGURES, [figure.subject_id, figure.metric_id, figure.first_day])
    if not rows:
        raise ConfigurationError(f"prove: found {figure}, {_why_not(published, figure)}")
    return rows[0]


def _why_not(published: Published, figure: FigureId) -> str:
    """Return why there is no such figure among those that can be proved, and what to do."""
    views = {view.id: view.of or one.id for one in catalog().metrics.values() for view in one.views}
    if of := views.get(figure.metric_id):
        return (
            f"which cannot be proved alone: SQL makes it of published figures of {of}; expected one of "
            f"these, like {replace(figure, metric_id=of)}"
        )
    if figure.metric_id not in {row["metric_id"] for row in published.rows("select metric_id from metrics")}:
        return "expected a metric of the table `metrics`"
    return "expected a subject or a tool, and the first day of a period, that are published"


def _end_of(figure: FigureId) -> datetime | None:
    """Return the end of the past day of which the figure is asked for; None for what is published now."""
    return datetime.combine(figure.as_of, time.max, UTC) if figure.as_of else None


def _value_at(moment: datetime, now: object, revisions: Sequence[Mapping[str, Any]]) -> object:
    """Return the value that stood at a moment: what the first change after it has changed."""
    later = (one["old_value"] for one in revisions if one["changed_at"] > moment)
    return next(later, now)
