"""How many requests a day's run of many subjects takes, and how long by the hosts' limits, without asking.

Run: `python benchmarks/plan_of_a_day.py [--without-keys] [--days N] [SUBJECTS...]`, by default 1,000 subjects
with keys and a contact, on seven days. Each subject is a package, a repository, a tag and an article, and the
sources are those that these names are asked of by default. Everything was answered some days before, and then
as often as it was due. Told are the mean day and the longest one: by service, with its endpoints as they were
listed, and the hours of each host, whose services share what it answers.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flows.client.service import Service
from flows.pipeline import steps
from flows.pipeline.collect import due_questions
from flows.sources import services_of
from flows.sources.github.pages import RELEASES, STARS
from warehouse.archive.write import LastAnswer
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.config.subject import Subject

# The week in which the samples of the month before are drawn.
FIRST_DAY, DAYS = date(2026, 11, 12), 7
DAYS_BEFORE = 9
FIRST_READ = datetime(2026, 1, 1, 6, tzinfo=UTC)
FIRST_RELEASE = date(2022, 5, 1)
KEYS = {"GITHUB_TOKEN": "ghp_made_up", "STACKEXCHANGE_KEY": "made-up"}
# What a repository has on older pages: ten years of weeks, and a few hundred releases.
STAR_PAGES, RELEASE_PAGES = 18, 3


def ecosystem_of(number: int) -> Ecosystem:
    """Return the configuration of so many subjects."""
    subjects = tuple(
        Subject(
            id=f"subject_{one}",
            name=f"Subject {one}",
            first_release_on=FIRST_RELEASE,
            github=f"owner-{one}/project-{one}",
            pypi=(f"package-{one}",),
            stackoverflow=f"tag-{one}",
            wikipedia=(f"Subject_{one}",),
        )
        for one in range(number)
    )
    return Ecosystem.model_construct(question="Which?", subjects=subjects).asking()


def settings_of(keys: Mapping[str, str], contact: str | None) -> Settings:
    """Return settings of the public services."""
    nowhere = Path("nowhere")
    return Settings(
        nowhere, nowhere, nowhere, lambda: FIRST_READ, PUBLIC_URLS, contact=contact, credentials=keys
    )


def _pages(source_id: str, ecosystem: Ecosystem) -> Iterator[tuple[str, str]]:
    for subject in ecosystem.subjects if source_id == "github" else ():
        for listing, pages in ((STARS, STAR_PAGES), (RELEASES, RELEASE_PAGES)):
            for name in subject.identifiers("github"):
                yield from ((listing.endpoint, listing.key(name, page)) for page in range(1, pages + 1))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)


@dataclass
class Told:
    """What a service is asked on each of some days, and how often of which endpoint on all of them."""

    plans: list[steps.Plan] = field(default_factory=list)
    endpoints: Counter[str] = field(default_factory=Counter)

    def line(self, name: str) -> str:
        """Return the mean and the longest day in words."""
        requests, days = [plan.requests for plan in self.plans], len(self.plans)
        listed = ", ".join(f"{key} {count / days:,.0f}" for key, count in self.endpoints.most_common())
        longest = max(plan.at_least for plan in self.plans)
        return f"{name:20}{sum(requests) / days:9,.0f}{max(requests):9,}{longest!s:>17}  {listed}"


def planned(ecosystem: Ecosystem, settings: Settings, days: int) -> dict[Service, Told]:
    """Return what each service is asked on so many days; before them all is asked as often as it is due."""
    told: dict[Service, Told] = defaultdict(Told)
    known: dict[str, dict[tuple[str, str], LastAnswer]] = {}
    for day in (FIRST_DAY + timedelta(days=n) for n in range(-DAYS_BEFORE, days)):
        today, read = replace(settings, clock=partial(_morning, day)), LastAnswer(_morning(day), "digest")
        for source_id in ecosystem.sources:
            of_source = known.setdefault(source_id, dict.fromkeys(_pages(source_id, ecosystem), read))
            called, asked = ecosystem.called_at(source_id), list[tuple[str, str]]()
            for service in services_of([source_id], settings):
                questions = due_questions(service, called, today, of_source)
                asked += [(question.endpoint, question.key) for question in questions]
                if day >= FIRST_DAY:
                    told[service].plans.append(steps.plan(service, today, ecosystem, of_source))
                    for question in questions:
                        told[service].endpoints[question.endpoint] += question.requests
            of_source |= dict.fromkeys(asked, read)
    return told


def tell(number: int, keys: Mapping[str, str], contact: str | None, days: int) -> None:
    """Print the plan of a mean day and of the longest one."""
    told = planned(ecosystem_of(number), settings_of(keys, contact), days)
    print(f"\n{number:,} subjects, {len(keys)} keys: requests of a mean day and of the longest one")
    for service, one in told.items():
        print(one.line(str(service)))
    by_day = [
        sum(plan.requests for plan in plans)
        for plans in zip(*(one.plans for one in told.values()), strict=True)
    ]
    print(f"{'all':20}{sum(by_day) / days:9,.0f}{max(by_day):9,}")
    hosts: dict[str, list[timedelta]] = defaultdict(lambda: [timedelta()] * days)
    for service, one in told.items():
        variable = service.variable or next(iter(catalog()[service.source_id].services))
        host = urlsplit(PUBLIC_URLS[variable]).netloc
        hosts[host] = [a + plan.at_least for a, plan in zip(hosts[host], one.plans, strict=True)]
    for host, spans in hosts.items():
        print(f"{host:38}{max(spans)!s:>17}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("subjects", nargs="*", type=int, default=[1_000])
    arguments.add_argument("--without-keys", action="store_true")
    arguments.add_argument("--days", type=int, default=DAYS)
    told = arguments.parse_args()
    for many in told.subjects:
        if told.without_keys:
            tell(many, {}, None, told.days)
        else:
            tell(many, KEYS, "ops@example.org", told.days)
