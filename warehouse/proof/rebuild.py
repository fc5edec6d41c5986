"""One source's figures made again: from its archived answers and nothing else, in a database in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from warehouse.build.load import load_files
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.proof.compiled import DATABASE, JUDGED, Compiled, Model
from warehouse.published.figure_id import FigureId

# Where the observations of one source are made of some of its answers; they stand beside all of them.
NARROW = "narrow"

FIGURE = "where subject_id = ? and metric_id = ? and period_start = ?"
TOLD = ("period_end", "value", "low", "high", "basis", "observed_at")

# What stands beside the answers; views as tables.
LOADED = """
select table_name from duckdb_tables()
where database_name = $database and schema_name = 'raw' and table_name <> 'pages'
union all
select view_name from duckdb_views() where database_name = $database and schema_name = 'raw'
"""

# The words of an answer's question: identifiers, months, dates.
WORDS = "regexp_split_to_array(key, '[ ;,]')"


@dataclass(frozen=True)
class Answer:
    """An archived answer: where it lies, the digest of its body, when it came, and what was asked."""

    file: str
    line: int
    sha256: str
    fetched_at: datetime
    question: str


class Rebuild:
    """The figures of one source, made again."""

    def __init__(
        self, work: duckdb.DuckDBPyConnection, compiled: Compiled, source_id: str, files: int
    ) -> None:
        """Take a database in which the source's answers were loaded, and build the observations in it."""
        self.files = files
        self._is_narrow_ready = False
        self._work, self._compiled, self._source_id = work, compiled, source_id
        self._compiled.copy_seeds(work, DATABASE)
        for model in compiled.up_to(JUDGED):
            work.execute(_statement(model, source_id))

    @property
    def answers(self) -> int:
        """How many answers were read, and believed."""
        believed = "select count(*) from raw.pages where page_id is not null and problem is null"
        ((count,),) = self._work.execute(believed).fetchall()
        return int(count)

    def figure(self, figure: FigureId) -> dict[str, Any] | None:
        """Return a figure with all that is said of it, as `observations` has it; None where there is none."""
        return _row(self._work, f"from {DATABASE}.intermediate.{JUDGED} {FIGURE}", figure)

    def answers_of(self, figure: FigureId) -> list[Answer] | None:
        """Return answers from which alone the same figure is made; None where only all of them make it.

        They are looked for by what they tell of, and believed where the figure made of nothing else is the
        same: of those of the period such as one endpoint gave, then all, then those of the subject.
        """
        expected = self.figure(figure)
        if expected is None:
            return None
        told = {name: expected[name] for name in TOLD}
        of_period = self._of_period(figure, expected["period_end"])
        for numbers in (*self._by_endpoint(of_period), of_period, self._of_subject(figure)):
            if self._figure_of(numbers, figure) == told:
                return self._answers(numbers)
        return None

    def _by_endpoint(self, numbers: Sequence[int]) -> list[list[int]]:
        """Return answers by what was asked, the most of them first; nothing where all were asked the same."""
        rows = self._work.execute(
            "select list(page_id) from raw.pages where list_contains(?, page_id) "
            "group by endpoint order by count(*) desc, endpoint",
            [list(numbers)],
        ).fetchall()
        return [list(of_one) for (of_one,) in rows] if len(rows) > 1 else []

    def _of_period(self, figure: FigureId, last_day: object) -> list[int]:
        """Return the numbers of the answers that the staging tables tell of the subject and the period."""
        found: set[int] = set()
        names = {"subject": figure.subject_id, "first": figure.first_day, "last": last_day}
        for model in self._compiled.models:
            is_own = model.source_id == self._source_id and '."staging".' in model.relation
            if is_own and (condition := self._condition(model)):
                told = {name: value for name, value in names.items() if f"${name}" in condition}
                sql = f"select distinct page_id from {model.relation} where {condition}"
                found.update(number for (number,) in self._work.execute(sql, told).fetchall())
        return sorted(found)

    def _condition(self, model: Model) -> str:
        """Return which rows of a staging table are of a subject, or of none, and of a period's days.

        A week that ends in a month may have begun before it.
        """
        sql = "select column_name, column_type from (describe from " + model.relation + ")"
        columns = self._work.execute(sql).fetchall()
        if "page_id" not in {name for name, _ in columns}:
            return ""
        texts = [f'"{name}"' for name, kind in columns if kind == "VARCHAR"]
        days = [f'"{name}" between $first - 6 and $last' for name, kind in columns if kind == "DATE"]
        known = self._known("")
        own = " or ".join(f"{text} in ({self._known('subject_id = $subject')})" for text in texts) or "false"
        others = " or ".join(f"coalesce({text} in ({known}), false)" for text in texts) or "false"
        return f"({own} or not ({others})) and ({' or '.join(days) or 'true'})"

    def _known(self, whose: str) -> str:
        """Return the query of the source's identifiers, of all subjects and tools or of one."""
        also = f" and {whose}" if whose else ""
        return f"select identifier from raw.every_identifier where source_id = '{self._source_id}'{also}"

    def _of_subject(self, figure: FigureId) -> list[int]:
        """Return the numbers of the answers whose question names the subject, or none."""
        sql = (
            f"select page_id from raw.pages where page_id is not null and problem is null and ("
            f"list_has_any({WORDS}, (select list(identifier) from ({self._known('subject_id = ?')})))"
            f" or not list_has_any({WORDS}, (select list(identifier) from ({self._known('')}))))"
        )
        return [number for (number,) in self._work.execute(sql, [figure.subject_id]).fetchall()]

    def _figure_of(self, numbers: Sequence[int], figure: FigureId) -> dict[str, Any] | None:
        """Return what a figure is when it is made of these answers alone."""
        work, made = self._work, f"int_{self._source_id}__observations"
        work.execute(f"use {NARROW}") if self._is_narrow_ready else self._prepare_narrow()
        try:
            pages = f"from {DATABASE}.raw.pages where list_contains(?, page_id)"
            work.execute(f"create or replace table raw.pages as {pages}", [list(numbers)])
            for model in self._compiled.up_to(made):
                if model.source_id in (None, self._source_id):
                    statement = _statement(model, self._source_id)
                    work.execute(statement.replace(f'"{DATABASE}".', f'"{NARROW}".'))
            names = ", ".join(TOLD)
            return _row(work, f"select {names} from {NARROW}.intermediate.{made} {FIGURE}", figure)
        finally:
            work.execute(f"use {DATABASE}")

    def _prepare_narrow(self) -> None:
        """Make the other database, with all that is loaded but the answers, and what others' models are."""
        work, self._is_narrow_ready = self._work, True
        work.execute(f"attach ':memory:' as {NARROW}; use {NARROW}; create schema raw")
        tables = work.execute(LOADED, {"database": DATABASE}).fetchall()
        for (name,) in tables:
            work.execute(f"create table raw.{name} as from {DATABASE}.raw.{name}")
        self._compiled.copy_seeds(work, NARROW)
        for model in self._compiled.up_to(f"int_{self._source_id}__observations"):
            if model.source_id not in (None, self._source_id):
                work.execute(model.empty)

    def _answers(self, numbers: Sequence[int]) -> list[Answer]:
        rows = self._work.execute(
            "select file, line, coalesce(same_as, sha256), fetched_at, trim(endpoint || ' ' || key) "
            "from raw.pages where list_contains(?, page_id) order by fetched_at, file, line",
            [list(numbers)],
        ).fetchall()
        return [Answer(*row) for row in rows]


@contextmanager
def rebuilt(
    settings: Settings, ecosystem: Ecosystem, compiled: Compiled, source_id: str, files: Sequence[str]
) -> Iterator[Rebuild]:
    """Yield the figures of a source made again from these of its archive files, which are verified.

    Raises ArchiveDamaged, naming the file, for one that is not as it was written.
    """
    with TemporaryDirectory(prefix="barometer-") as folder, duckdb.connect() as work:
        work.execute("set TimeZone = 'UTC'; set threads = 1")
        work.execute(
            f"set memory_limit = '{settings.memory_limit}'; set temp_directory = '{folder}/temporary'"
        )
        work.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
        read = load_files(work, settings, ecosystem, frozenset(files), Path(folder, "unpacked"))
        yield Rebuild(work, compiled, source_id, read)


def _statement(model: Model, source_id: str) -> str:
    """Return what makes a model's table; of another source there are no answers, so it is empty."""
    if model.source_id in (None, source_id):
        return f"create or replace table {model.relation} as {model.code}"
    return model.empty


def _row(work: duckdb.DuckDBPyConnection, sql: str, figure: FigureId) -> dict[str, Any] | None:
    result = work.execute(sql, [figure.subject_id, figure.metric_id, figure.first_day])
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None
