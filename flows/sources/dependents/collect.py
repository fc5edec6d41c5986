"""Package metadata: how many projects at the Python package index require a family of packages, by month.

Asked at a public ClickHouse copy. Cost: one request a family and week, of many in twelve weeks, which
tells all months.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from flows.client.clickhouse import parameters
from flows.client.client import Client
from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import Pace, Quota
from flows.sources.dependents.answers import read_dependents, until
from flows.sources.dependents.query import DEPENDENTS, ROW_LIMIT
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# Longer than the 60 s that the service gives a query: who gives up earlier asks again, and is charged again.
QUERY_SECONDS = 90.0
EVERY_DAYS, TURN_DAYS = 7, 84
# Between the names of a family, in its key.
AND = ";"


def services(settings: Settings) -> tuple[Service]:
    """Return the public ClickHouse copy, whose limits are those of its user "demo"."""
    pace, quota = Pace(per_second=1), Quota(60, 3600)
    return (Service("dependents", pace=pace, quota=quota, read_seconds=QUERY_SECONDS),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question a family: a project that requires two of its packages is one project.

    All of the packages are of it, whenever their downloads count: who requires one uses the subject.
    """
    packages = {name for subject in subjects for name in subject.identifiers("dependents")}
    every_days = TURN_DAYS if catalog()["dependents"].takes_turns(packages) else EVERY_DAYS
    families = (AND.join(sorted(subject.identifiers("dependents"))) for subject in subjects)
    for family in dict.fromkeys(filter(None, families)):
        yield Question("dependent_months", family, partial(_ask, family), every_days)


def _ask(family: str, client: Client) -> None:
    """Ask for all months of a family.

    By GET, which may only read. Source: https://clickhouse.com/docs/interfaces/http
    """
    values = parameters(
        str(client.settings.credential("DEPENDENTS_USER")),
        packages=str(family.split(AND)),
        until=until().isoformat(),
        row_limit=str(ROW_LIMIT),
    )
    url, today = client.settings.urls["DEPENDENTS_URL"] + "/", client.settings.clock().date()
    parse, params = partial(read_dependents, today), {**values, "query": DEPENDENTS}
    client.ask("dependent_months", family, url, parse=parse, params=params)
