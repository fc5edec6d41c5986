"""Small archives in, whole marts out: the real load, the real dbt project, the real publishing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.pipeline import steps
from tests.made import Told
from tests.straight import Straight, is_new
from warehouse.archive.write import record_attempt
from warehouse.config.settings import Settings
from warehouse.published.open import open_published


class Warehouse:
    """A data folder: answers go in, marts come out."""

    def __init__(self, settings: Settings, straight: Straight | None = None) -> None:
        """Make one that dbt builds and checks, or one without checks whose first build goes straight."""
        self.settings = settings
        self.straight = straight
        self.with_tests = straight is None

    def tell(self, *answers: Told) -> None:
        """Archive answers, one attempt each, at the time they were given; the clock never is before that."""
        now = max(self.settings.clock(), *(answer.at for answer in answers))
        self.settings = replace(self.settings, clock=lambda: now)
        for answer in answers:
            record_attempt(
                self.settings.archive,
                answer.source_id,
                lambda answer=answer: answer.at,
                lambda add, answer=answer: add(answer.page()),
                answer.service,
            )

    def build(self) -> "Warehouse":
        """Load, build and publish."""
        ecosystem = steps.ecosystem_of(self.settings)
        steps.load_archive(self.settings, ecosystem)
        if self.straight and is_new(self.settings):
            self.straight.build(self.settings)
        else:
            steps.build(self.settings, ecosystem, with_tests=self.with_tests)
        steps.publish_marts(self.settings)
        return self

    def at(self, day: date) -> "Warehouse":
        """The same archive as it was at the end of a past day."""
        return Warehouse(self.settings.of(day), self.straight)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer SQL from the published file."""
        with open_published(self.settings.published_file) as published:
            return published.query(sql)[1]


@pytest.fixture
def warehouse(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Warehouse]:
    """Make a warehouse for a configuration, at the time given."""
    straight = request.getfixturevalue("straight") if "without_checks" in request.fixturenames else None

    def make(configuration: str, now: datetime = datetime(2025, 3, 10, 6, tzinfo=UTC)) -> Warehouse:
        config = tmp_path / "ecosystem.toml"
        config.write_text(configuration)
        return Warehouse(replace(settings, config=config, clock=lambda: now), straight)

    return make


@pytest.fixture
def without_checks() -> None:
    """Let `warehouse` build models alone, straight on DuckDB where they are new: no check is asked for."""


@pytest.fixture(scope="session")
def told() -> type[Told]:
    """An answer of a source."""
    return Told
