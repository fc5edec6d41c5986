"""The sources: which credentials and programs are there, whether each answers, and if its clock is ours."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from flows.client.client import Client
from flows.client.service import Service, quota_of
from flows.commands.checkup import Finding, Verdict, look_at
from flows.console.signals import in_threads
from warehouse.config.catalog import Contact, Rate, catalog
from warehouse.config.secrets import shown
from warehouse.config.settings import Settings
from warehouse.errors import SourceError

# Figures are of whole days; but a signed-in request is refused from about here on.
TOLERABLE = timedelta(minutes=2)


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is set for each source, and what one request to each address finds."""
    return look_at(settings, {"credentials": _credentials, "programs": _programs, "sources": _services})


def _services(settings: Settings) -> Iterator[Finding]:
    for findings in in_threads(lambda name: list(_ask(name, settings)), settings.urls):
        yield from findings


def _credentials(settings: Settings) -> Iterator[Finding]:
    """Yield of each credential that raises a limit whether it is set, and whether a contact is."""
    for name, one in catalog().credentials.items():
        if one.needed and not settings.credential(name):
            yield Finding(name, Verdict.WARNING, "not set: what needs it is not asked")
        if one.without and one.given:
            less, more = quota_of(one.without), f"{one.given.requests:,}"
            unset = f"not set: {less} without it, {more} with it"
            yield Finding(name, Verdict.OK, "set" if settings.credential(name) else unset)
    if told_to := [source.contact for source in catalog().values() if source.contact]:
        yield _contact(told_to, settings)


def _programs(settings: Settings) -> Iterator[Finding]:
    """Yield of each program that a source is asked by whether it is installed."""
    for source in catalog().values():
        for program in source.programs:
            place = shutil.which(program)
            advice = f"not found: {source.name} is not asked; install it"
            yield Finding(program, Verdict.OK if place else Verdict.WARNING, place or advice)


def _contact(told_to: Sequence[Contact], settings: Settings) -> Finding:
    if settings.contact:
        allowed = "; ".join(map(_with_contact, told_to))
        return Finding("BAROMETER_CONTACT", Verdict.OK, f"{settings.contact}: {allowed}")
    allowed = "; ".join(map(_without_contact, told_to))
    advice = f"no contact: {allowed}; set it, or `contact` in {settings.config}"
    return Finding("BAROMETER_CONTACT", Verdict.WARNING, advice)


def _with_contact(one: Contact) -> str:
    more = _answered(one.given)
    return f"{more} at {one.name}" if more else f"{one.name} is asked"


def _without_contact(one: Contact) -> str:
    less, more = _answered(one.without) or "nothing is asked", _answered(one.given)
    return f"{less} at {one.name}" + (f", {more} with one" if more else "")


def _answered(rate: Rate | None) -> str | None:
    return str(quota_of(rate)) if rate else None


def _ask(name: str, settings: Settings) -> Iterator[Finding]:
    url = settings.urls[name] + catalog().services[name].probe
    try:
        with Client(Service("doctor"), settings, lambda _: None) as client:
            status, headers = client.greet(name, url)
    except SourceError as error:
        advice = f"{error}; look at the network, a proxy, or {name}"
        yield Finding(name, Verdict.PROBLEM, advice)
        return
    verdict = Verdict.WARNING if status >= 500 or status == 429 else Verdict.OK
    yield Finding(name, verdict, f"{shown(settings.urls[name])} answers with HTTP {status}")
    if catalog().services[name].tells_time and "Date" in headers:
        yield _clock(headers["Date"], settings, urlsplit(settings.urls[name]).hostname)


def _clock(told: str, settings: Settings, host: str | None) -> Finding:
    try:
        ahead = settings.clock() - parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return Finding("clock", Verdict.WARNING, f"{host} told no time that could be understood")
    found = (
        f"{abs(ahead.total_seconds()):.0f} s {'ahead of' if ahead > timedelta() else 'behind'} that of {host}"
    )
    if abs(ahead) > TOLERABLE:
        return Finding("clock", Verdict.PROBLEM, f"{found}; set the machine's clock, best by NTP")
    return Finding("clock", Verdict.OK, found)
