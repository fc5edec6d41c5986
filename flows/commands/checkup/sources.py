"""The sources: which credentials are set, whether each answers, and whether its clock is ours."""

from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from flows.client.client import Client
from flows.client.service import Service
from flows.commands.checkup import Finding, Verdict
from flows.console.signals import in_threads
from flows.sources.wikipedia import collect as wikipedia
from warehouse.config.secrets import shown
from warehouse.config.settings import Settings
from warehouse.errors import SourceError

# What costs a source nothing, and no quota; at the others the bare address.
CHEAP: Mapping[str, str] = {"GITHUB_API_URL": "/rate_limit", "CLICKHOUSE_URL": "/ping"}
# Figures are of whole days; but a signed-in request is refused from about here on.
TOLERABLE = timedelta(minutes=2)


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is set for each source, and what one request to each address finds."""
    yield from _credentials(settings)
    for findings in in_threads(lambda name: list(_ask(name, settings)), settings.urls):
        yield from findings


def _credentials(settings: Settings) -> Iterator[Finding]:
    without = "not set: {} without it, {} with it"
    github = "set" if settings.github_token else without.format("60 requests an hour", "5,000")
    stack = "set" if settings.stackexchange_key else without.format("300 requests a day", "10,000")
    yield Finding("GITHUB_TOKEN", Verdict.OK, github)
    yield Finding("STACKEXCHANGE_KEY", Verdict.OK, stack)
    yield _contact(settings)


def _contact(settings: Settings) -> Finding:
    allowed = f"{wikipedia.limit(settings)} at Wikimedia"
    if settings.contact:
        return Finding("BAROMETER_CONTACT", Verdict.OK, f"{settings.contact}: {allowed}")
    advice = (
        f"no contact: {allowed}, {wikipedia.REACHABLE} with one; set it, or `contact` in {settings.config}"
    )
    return Finding("BAROMETER_CONTACT", Verdict.WARNING, advice)


def _ask(name: str, settings: Settings) -> Iterator[Finding]:
    url = settings.urls[name] + CHEAP.get(name, "/")
    try:
        with Client(Service("doctor"), settings, lambda _: None) as client:
            status, headers = client.greet(name, url)
    except SourceError as error:
        advice = f"{error}; look at the network, a proxy, or {name}"
        yield Finding(name, Verdict.PROBLEM, advice)
        return
    verdict = Verdict.WARNING if status >= 500 or status == 429 else Verdict.OK
    yield Finding(name, verdict, f"{shown(settings.urls[name])} answers with HTTP {status}")
    if name == "GITHUB_API_URL" and "Date" in headers:
        yield _clock(headers["Date"], settings)


def _clock(told: str, settings: Settings) -> Finding:
    try:
        ahead = settings.clock() - parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return Finding("clock", Verdict.WARNING, "GitHub told no time that could be understood")
    found = f"{abs(ahead.total_seconds()):.0f} s {'ahead of' if ahead > timedelta() else 'behind'} GitHub's"
    if abs(ahead) > TOLERABLE:
        return Finding("clock", Verdict.PROBLEM, f"{found}; set the machine's clock, best by NTP")
    return Finding("clock", Verdict.OK, found)
