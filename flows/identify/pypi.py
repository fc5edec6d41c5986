"""PyPI: a package by its name, as pypistats knows it; there is no search. Cost: one request a package."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from flows.http import Client
from flows.identify import Told, Verdict
from flows.identify.names import dashed
from flows.shapes import Count, Shape


class _Downloads(Shape):
    last_month: Count | None


class _Recent(Shape):
    package: str
    type: Literal["recent_downloads"]
    data: _Downloads


def confirm(client: Client, identifier: str) -> Told:
    """Ask for a package's recent downloads; one without any for half a year is unknown there.

    Source: https://pypistats.org/api/
    """
    url = f"{client.settings.urls['PYPISTATS_URL']}/api/packages/{identifier}/recent"
    told = client.consult(identifier, url, parse=partial(_read, identifier))
    if told.data.last_month is None:
        return Told(Verdict.RIGHT, "known, its last month is not")
    return Told(Verdict.RIGHT, f"{told.data.last_month:,} downloads in the last month")


def search(client: Client, name: str) -> Sequence[str]:
    """Return nothing: there is no search."""
    return ()


def guess(client: Client, name: str) -> str:
    """Return the name as a package's."""
    return dashed(name)


def _read(package: str, body: bytes) -> _Recent:
    told = _Recent.model_validate_json(body)
    if told.package != package:
        raise ValueError(f"found package {told.package}, expected {package}")
    return told
