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
# The services of the sources that came first, whose limits are each its own; all others share a budget.
EACH_ITS_OWN = {
    "github": 60,
    "pypi pypistats": 32,
    "pypi clickhouse": 24,
    "wikipedia": 4,
    "stackoverflow": 700,
    "google_trends": 5,
}
# Until then the past is read, bit by bit.
SETTLED_AFTER_DAYS = 10


@pytest.fixture
def shipped(at_server: Settings) -> Settings:
    """The default configuration, asked at every source, with TensorFlow's whole family of packages."""
    credentials, contact = {"STACKEXCHANGE_KEY": "demo"}, "ops@example.org"
    return replace(at_server, config=ROOT / "ecosystem.toml", credentials=credentials, contact=contact)


# Of what the demo has no figures it is asked each day anew. The services would be asked for five packages'
# days each day, and for their ten splits and six months once a week, of which five fall on one day.
REFUSED_BY_THE_DEMO_ALONE = 5 + 5


def run(settings: Settings, server: DemoServer) -> tuple[Counter[str], Counter[str]]:
    """Collect every source once; return how often each service was asked, and how often it refused."""
    asked, refused = Counter[str](), Counter[str]()
    ecosystem = steps.ecosystem_of(settings)
    known = steps.load_archive(settings, ecosystem)
    for service in services_of(ecosystem.sources, settings):
        server.requests.clear()
        attempt = steps.collect_service(service, settings, ecosystem, known[service.source_id])
        asked[str(service)], refused[str(service)] = len(server.requests), attempt.refused
    return asked, refused


def test_a_first_backfill_and_two_weeks_of_runs_stay_within_their_budgets(shipped, server):
    """At most 60 requests to GitHub, 32 to pypistats, 24 to ClickHouse, 4 to Wikimedia; then 60 a day.

    What each service is asked in a day is what it was before services were told apart. Of all sources that
    came later a settled day asks for 60 more at the most.
    """
    server.now = FIRST_RUN
    first, _ = run(shipped, server)
    assert {name: first[name] for name, most in EACH_ITS_OWN.items() if not 0 < first[name] <= most} == {}

    days, further, worst = [], [], Counter[str]()
    for day in range(1, 17):
        server.now = FIRST_RUN + timedelta(days=day)
        asked, refused = run(shipped, server)
        worst |= asked
        answered = asked - refused
        days.append(sum(answered[name] for name in EACH_ITS_OWN) + REFUSED_BY_THE_DEMO_ALONE)
        further.append(sum(asked[name] for name in asked.keys() - EACH_ITS_OWN.keys()))
    # A query for all packages' days, of 60 an hour, some for those whose whole past has its turn, and two for
    # splits when a new year's begin; and one an article, of nine a minute.
    assert (worst["pypi clickhouse"], worst["wikipedia"], worst["pypi pypistats"]) == (5, 2, 21)
    assert min(days) > 20 + REFUSED_BY_THE_DEMO_ALONE and max(days) <= 60
    assert 0 < max(further[SETTLED_AFTER_DAYS:]) <= 60, further
