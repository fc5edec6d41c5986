"""A flow for the test of a cluster: it asks about more subjects than a file may name.

Arguments: the sources' address, a folder, a Dask scheduler's address. Threads collect into the folder; then
the cluster collects into the object storage that BAROMETER_DATA names, and what it builds is published there.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.client.service import Service
from flows.console.progress import heard, let_through
from flows.pipeline import steps
from flows.pipeline.tasks import collect_all
from warehouse.archive.lock import only_writer
from warehouse.config.ecosystem import Ecosystem, SourceOptions
from warehouse.config.settings import PUBLIC_URLS, Settings, read_settings
from warehouse.config.subject import Subject

SUBJECTS = 200
SOURCES = ("anaconda", "github", "pypi", "wikipedia")
TOKEN = "ghp_token_of_the_fan_out_1"
NOW = datetime(2025, 8, 6, 12, tzinfo=UTC)


def many() -> Ecosystem:
    """Subjects with a repository, two packages and an article each."""
    subjects = tuple(
        Subject(
            id=f"subject_{number}",
            name=f"Subject {number}",
            github=f"owner/project-{number}",
            pypi=(f"package-{number}",),
            anaconda=(f"channel/package-{number}",),
            wikipedia=f"Subject_{number}",
        )
        for number in range(SUBJECTS)
    )
    sources = {source_id: SourceOptions(expected_lag_days=4) for source_id in SOURCES}
    return Ecosystem.model_construct(question="Which?", subjects=subjects, sources=sources)


def settings_on(folder: Path, url: str) -> Settings:
    """Settings with a clock that stands, so that equal answers make equal files, and with secrets."""
    urls = dict.fromkeys(PUBLIC_URLS, url)
    none = folder / "none.toml"
    secrets = {"credentials": {"GITHUB_TOKEN": TOKEN}, "notify": f"json://{TOKEN}@127.0.0.1"}
    return Settings(folder, folder, none, lambda: NOW, urls, demo=True, **secrets)


# Prefect keeps what a flow is given in its database, so that is no secret, here as in `flows.pipeline.flow`.
@flow(name="collect-many", persist_result=False)
def collect_many(folder: str, url: str, scheduler: str | None) -> dict[str, object]:
    """Collect everything; return how each attempt went, and of which stages the flow heard.

    With a scheduler, publish it in the object storage.
    """
    let_through()
    ecosystem, settings = many(), settings_on(Path(folder), url)
    if scheduler:
        there = read_settings()
        settings = replace(settings, data=there.data, remote=there.remote, dask_scheduler=scheduler)
    with only_writer(settings):
        with heard() as stages:
            attempts = collect_all(settings, ecosystem, {source_id: {} for source_id in SOURCES})
        if scheduler:
            steps.load_archive(settings, ecosystem)
            steps.build(settings, ecosystem)
            steps.publish_marts(settings)
    told = {str(Service(one.source_id, one.service)): [one.answers, one.refused] for one in attempts}
    return {"attempts": told, "stages": sorted(str(stage["stage"]) for stage in stages)}


if __name__ == "__main__":
    address, folder, dask_scheduler = sys.argv[1:]
    for scheduler in (None, dask_scheduler):
        print(json.dumps(collect_many(folder, address, scheduler)))
