"""The demo: the real collectors, models and reports against the local server, from real past figures."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time

from flows.client.service import Service
from flows.console.progress import stage
from flows.console.signals import in_threads
from flows.demo import CONFIG
from flows.demo.apart import ServerApart
from flows.pipeline import steps
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_demo, services_of, source_ids
from flows.standin.facts import CLOCK, load_facts
from warehouse.archive.lock import only_writer
from warehouse.build.load import forget_work
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import PUBLIC_URLS, Settings, demo_marker, read_settings
from warehouse.errors import ConfigurationError


def run_demo(settings: Settings, run_flow: Callable[[], None]) -> None:
    """Collect once per past month, then run the flow at the demo's present.

    Begins with an empty archive each time. Raises ConfigurationError for a folder of live figures, and for
    object storage, where an archive is only ever added to.
    """
    if settings.remote:
        raise ConfigurationError(
            f"BAROMETER_DATA: found {settings.remote}, expected a local folder, which the demo begins anew"
        )
    with ServerApart() as server, _environment(server.url), only_writer(settings):
        _begin(settings)
        demo_settings = read_settings()
        ecosystem = steps.ecosystem_of(demo_settings)
        with stage("collect past months") as told:
            told.result = f"{_collect_past(server, demo_settings, ecosystem)} attempts from 2018-12 on"
        server.now = CLOCK
        run_flow()


def _begin(settings: Settings) -> None:
    """Empty the demo's own folder, and mark it as the demo's before any answer comes into it."""
    if settings.archive.exists() and not settings.demo:
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.data} holds collected figures, expected an empty folder or an "
            "earlier demo's; set BAROMETER_DATA to another folder"
        )
    forget_work(settings)
    shutil.rmtree(settings.archive, ignore_errors=True)
    marker = {"now": CLOCK.isoformat(), "config": str(CONFIG), "ended_sources": " ".join(_ended())}
    demo_marker(settings.data).write_text(json.dumps(marker) + "\n")


def _ended() -> list[str]:
    return [source_id for source_id in source_ids() if getattr(load_demo(source_id), "HAS_ENDED", False)]


@contextmanager
def _environment(url: str) -> Iterator[None]:
    """Point every source at the demo's server, for this process and the flow in it.

    With credentials and a contact every source answers, and the whole past fits into the quota of one day.
    """
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(PUBLIC_URLS, url), BAROMETER_NOW=CLOCK.isoformat())
    os.environ |= {name: "demo" for name, one in catalog().credentials.items() if not one.is_name}
    os.environ.setdefault("BAROMETER_CONTACT", "https://demo.example")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _collect_past(server: ServerApart, settings: Settings, ecosystem: Ecosystem) -> int:
    """Collect what was shown on one day a month; return the number of attempts."""
    attempts, then = 0, replace(settings, clock=lambda: server.now)
    passing_at = {source_id: getattr(load_demo(source_id), "PASSING", None) for source_id in source_ids()}
    services = services_of([source_id for source_id in ecosystem.sources if passing_at[source_id]], settings)

    def collect_one(service: Service) -> bool:
        every = due_questions(service, ecosystem.subjects, then, {})
        passing = [question for question in every if question.endpoint == passing_at[service.source_id]]
        return bool(passing and collect(service, passing, then, {}))

    for day in load_facts().collection_days():
        server.now = datetime.combine(day, time(6), UTC)
        attempts += sum(in_threads(collect_one, services))
    return attempts
