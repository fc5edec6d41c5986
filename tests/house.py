"""Small archives in, whole marts out: the real load, the real dbt project, the real publishing."""

import os
import shutil
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Any

from flows.pipeline import steps
from tests.made import Told
from tests.straight import Straight
from warehouse.archive.write import record_attempt
from warehouse.build.buckets.spread import Workers
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.published.open import open_published

# How many random archives are built bit by bit: one takes as long as five builds.
ARCHIVES = int(os.environ.get("BAROMETER_TEST_ARCHIVES") or 1)


class Warehouse:
    """A data folder: answers go in, marts come out."""

    def __init__(
        self,
        settings: Settings,
        straight: Straight | None = None,
        *,
        with_tests: bool = True,
        is_anew: bool = False,
    ) -> None:
        """Make one that dbt builds, or whose first build goes straight; where it is anew, each is a first."""
        self.settings = settings
        self.straight = straight
        self.with_tests = with_tests
        self.is_anew = is_anew

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

    def build(self, workers: Workers | None = None, ecosystem: Ecosystem | None = None) -> "Warehouse":
        """Load, build and publish; of what the configuration tells, or of what is told here."""
        ecosystem = ecosystem or steps.ecosystem_of(self.settings)
        if self.is_anew:
            self.settings.work_file.unlink(missing_ok=True)
        steps.load_archive(self.settings, ecosystem)
        with self.straight.in_place_of_dbt() if self.straight else nullcontext():
            steps.build(self.settings, ecosystem, with_tests=self.with_tests, workers=workers)
        steps.publish_marts(self.settings)
        return self

    def at(self, day: date) -> "Warehouse":
        """The same archive as it was at the end of a past day."""
        return self.on(self.settings.of(day))

    def on(self, settings: Settings) -> "Warehouse":
        """Another data folder, built as this one is."""
        return Warehouse(settings, self.straight, with_tests=self.with_tests, is_anew=self.is_anew)

    def from_scratch(self) -> "Warehouse":
        """Another warehouse on the same archive, built from nothing."""
        other = self.on(replace(self.settings, data=self.settings.data.with_name("other")))
        shutil.copytree(self.settings.archive, other.settings.archive, dirs_exist_ok=True)
        other.settings.work_file.unlink(missing_ok=True)
        return other.build()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer SQL from the published file."""
        with open_published(self.settings.published_file) as published:
            return published.query(sql)[1]
