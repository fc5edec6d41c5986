"""A world of the replay: sources that answer over HTTP, and the real collectors, load, build and gate."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.demo.journal import Exchange
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.sources import services_of
from flows.standin.clock import Clock
from tests.faults.register import Fault
from tests.faults.told.github import GitHub
from tests.faults.told.google_trends import GoogleTrends
from tests.faults.told.pypi import PyPI
from tests.faults.told.source import Met, Moment, Source
from tests.faults.told.stackoverflow import StackOverflow
from tests.faults.told.wikipedia import Wikipedia
from warehouse.archive.write import LastAnswers
from warehouse.config.ecosystem import Ecosystem, read_ecosystem
from warehouse.config.settings import PROJECT, PUBLIC_URLS, Settings
from warehouse.config.subject import Subject
from warehouse.published.open import open_published

KINDS: dict[str, type[Source]] = {
    "github": GitHub,
    "pypi": PyPI,
    "stackoverflow": StackOverflow,
    "google_trends": GoogleTrends,
    "wikipedia": Wikipedia,
}
MORNING = time(6, tzinfo=UTC)


class World:
    """Subjects, each at one source, and the days on which they are collected; used as a context manager."""

    def __init__(self, folder: Path, present: date) -> None:
        self.moment = Moment(datetime.combine(present, MORNING), present)
        self.sources = {source_id: kind(self.moment) for source_id, kind in KINDS.items()}
        self.subjects: list[Subject] = []
        self.met: dict[str, Met] = {}
        self.controls: list[str] = []
        self._known: Mapping[str, LastAnswers] = {}
        self._server = DemoServer(services=self._application)
        self.settings = Settings(
            folder / "data",
            folder / "site",
            PROJECT / "ecosystem.toml",
            lambda: self.moment.now,
            {},
            credentials={"GITHUB_TOKEN": "replay", "STACKEXCHANGE_KEY": "replay"},
            demo=True,
        )

    def add(self, source_id: str, subject_id: str) -> str:
        """Add a subject of which all is told as it is; return its id."""
        named = self.sources[source_id].add(subject_id, len(self.subjects))
        if packages := named.get("pypi"):
            named["pypi"] = tuple({"package": name} for name in packages)  # type: ignore[attr-defined]
        self.subjects.append(Subject.model_validate({"id": subject_id, "name": subject_id, **named}))
        return subject_id

    def add_controls(self, source_id: str, number: int = 2) -> None:
        """Add subjects whose figures must come out right and unmarked."""
        there = sum(f"sound_{source_id}_" in one for one in self.controls)
        self.controls += [self.add(source_id, f"sound_{source_id}_{there + n}") for n in range(number)]

    def meet(self, fault: Fault, subject_id: str | None = None) -> None:
        """Let a fault happen: to a subject of its own, unless another is named."""
        subject_id = subject_id or self.add(fault.source_id, fault.subject_id)
        self.met[fault.id] = self.sources[fault.source_id].meet(fault, subject_id)
        if fault.replay["how"] == "sign":
            self._rename_tag(subject_id, fault.replay["tag"])

    def _rename_tag(self, subject_id: str, tag: str) -> None:
        self.subjects = [
            one.model_copy(update={"stackoverflow": tag}) if one.id == subject_id else one
            for one in self.subjects
        ]

    @property
    def ecosystem(self) -> Ecosystem:
        """The configuration: more subjects than a file may have, sources as the shipped one judges them."""
        shipped = read_ecosystem(PROJECT / "ecosystem.toml")
        asked = {source_id for one in self.subjects for source_id in KINDS if one.identifiers(source_id)}
        sources = {source_id: options for source_id, options in shipped.sources.items() if source_id in asked}
        if trends := sources.get("google_trends"):
            # The bound is of the shipped configuration's day; there were fewer months before.
            months = (self.moment.present.year - 2004) * 12 + self.moment.present.month - 1
            points = trends.expect["points"]
            fewer = points.model_copy(update={"at_least": min(points.at_least or 0, months - 4)})
            sources["google_trends"] = trends.model_copy(update={"expect": {"points": fewer}})
        return Ecosystem.model_construct(question="Which?", subjects=tuple(self.subjects), sources=sources)

    def __enter__(self) -> "World":
        self._server.__enter__()
        self.settings = replace(self.settings, urls=dict.fromkeys(PUBLIC_URLS, self._server.url))
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.__exit__(None, None, None)

    def collect(
        self,
        now: datetime,
        sources: Iterable[str] | None = None,
        faults: Sequence[Planned] = (),
        is_known: bool = False,
    ) -> None:
        """Collect at a moment, all sources side by side.

        Where `is_known` the archive is not read before: what it has answered is what was read last.
        """
        self.moment.now = self._server.now = now
        self._server.faults = faults
        ecosystem = self.ecosystem
        known = self._known if is_known else steps.load_archive(self.settings, ecosystem)
        self._known = known
        asked = [s for s in sources or ecosystem.sources if s in ecosystem.sources]
        with ThreadPoolExecutor() as threads:
            for done in [
                threads.submit(
                    steps.collect_service, service, self.settings, ecosystem, known[service.source_id]
                )
                for service in services_of(asked, self.settings)
            ]:
                done.result()
        self._server.faults = ()

    def collect_on(self, day: date, sources: Iterable[str] | None = None, is_known: bool = False) -> None:
        """Collect in the morning of a day."""
        self.collect(datetime.combine(day, MORNING), sources, is_known=is_known)

    def build(self) -> "Published":
        """Load, build and publish, each time from scratch; return what a reader sees.

        That it is the same bit by bit, which takes dbt, is held by `tests/sql/test_incremental.py`.
        """
        ecosystem = self.ecosystem
        self.settings.work_file.unlink(missing_ok=True)
        steps.load_archive(self.settings, ecosystem)
        steps.build(self.settings, ecosystem)
        steps.publish_marts(self.settings)
        return Published(self.settings.published_file)

    @property
    def requests(self) -> list[Exchange]:
        """What was asked since the list was last cleared."""
        return self._server.requests

    @property
    def live(self) -> Settings:
        """The settings without the mark of a demo, into whose figures nothing can be imported."""
        config = self.settings.data / "terms.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        asked = [one for one in self.subjects if one.google_trends]
        tables = [
            f'[[subjects]]\nid = "{s.id}"\nname = "{s.name}"\ngoogle_trends = "{s.google_trends}"'
            for s in asked
        ]
        lines = ['question = "Which?"', *tables, "[sources]", "google_trends = { expected_lag_days = 35 }"]
        config.write_text("\n".join(lines))
        return replace(self.settings, demo=False, config=config)

    def _application(self, clock: Clock) -> ASGIApp:
        app = Starlette(routes=[route for source in self.sources.values() for route in source.routes()])

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive)
            for intercept in self.moment.intercepts:
                if response := intercept(request):
                    await response(scope, receive, send)
                    return
            await app(scope, receive, send)

        return answer


@dataclass(frozen=True)
class Published:
    """A published file as a reader finds it; it is read at once, since a later build replaces it."""

    file: Path

    def __post_init__(self) -> None:
        tables = {}
        with open_published(self.file) as published:
            for (table,) in published.query("select table_name from duckdb_tables()")[1]:
                tables[table] = published.rows(f"from {table}")
        object.__setattr__(self, "tables", tables)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table; none of one that there is not."""
        return self.tables.get(table, [])  # type: ignore[attr-defined, no-any-return]
