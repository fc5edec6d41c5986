"""Small archives in, whole marts out: the real load, the real dbt project, the real publishing."""

from dataclasses import replace
from datetime import date
from typing import Any

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

    def tell(self, *answers: Told) -> "Warehouse":
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
        return self

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
