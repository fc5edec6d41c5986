"""What a first backfill and the daily runs after it cost the services, counted at the demo's server."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.sources import services_of
from warehouse.config.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
# While all of the demo's figures go on.
FIRST_RUN = datetime(2023, 3, 1, 6, tzinfo=UTC)
SERVICES = {
    "/repos": "GitHub",
    "/api/packages": "pypistats",
    "/api/rest_v1": "Wikimedia",
    "/2.3": "Stack Exchange",
    "/trends": "Google Trends",
    "/?": "ClickHouse",
}


@pytest.fixture
def shipped(at_server: Settings) -> Settings:
    """The default configuration: two frameworks, TensorFlow with its whole family of packages."""
    return replace(at_server, config=ROOT / "ecosystem.toml", credentials={"STACKEXCHANGE_KEY": "demo"})


# Of what the demo has no figures it is asked each day anew. The services would be asked for five packages'
# days each day, and for their ten splits and six months once a week, of which five fall on one day.
REFUSED_BY_THE_DEMO_ALONE = 5 + 5


def run(settings: Settings, server: DemoServer) -> tuple[Counter[str], int]:
    """Collect every source once; return how often each service was asked, and how often it refused."""
    server.requests.clear()
    ecosystem = steps.ecosystem_of(settings)
    known = steps.load_archive(settings, ecosystem)
    refused = sum(
        steps.collect_service(service, settings, ecosystem, known[service.source_id]).refused
        for service in services_of(ecosystem.sources, settings)
    )
    return Counter(service_of(request.path) for request in server.requests), refused


def service_of(path: str) -> str:
    return next(name for start, name in SERVICES.items() if path.startswith(start))


def test_a_first_backfill_and_four_weeks_of_runs_stay_within_their_budgets(shipped, server):
    """At most 60 requests to GitHub, 30 to pypistats, 24 to ClickHouse, 4 to Wikimedia; then 60 a day.

    What each service is asked in a day is what it was before services were told apart.
    """
    server.now = FIRST_RUN
    first, _ = run(shipped, server)
    most = {"GitHub": 60, "pypistats": 30, "ClickHouse": 24, "Wikimedia": 4}
    assert {service: first[service] for service in most if first[service] > most[service]} == {}
    assert min(first.values()) > 0 and set(first) == set(SERVICES.values())

    days, by_service = [], Counter[str]()
    for day in range(1, 29):
        server.now = FIRST_RUN + timedelta(days=day)
        asked, refused = run(shipped, server)
        by_service |= asked
        days.append(asked.total() - refused + REFUSED_BY_THE_DEMO_ALONE)
    # A query a package and day at ClickHouse, of 60 an hour, and one an article, of nine a minute.
    assert (by_service["ClickHouse"], by_service["Wikimedia"], by_service["pypistats"]) == (7, 2, 19)
    assert min(days) > 20 + REFUSED_BY_THE_DEMO_ALONE and max(days) <= 60
