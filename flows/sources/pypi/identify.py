"""PyPI: a package by its name, as pypistats knows it; there is no search.

Cost: one request a package, two for one without downloads in the last month.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Literal

from flows.client.answer_model import Count, Shape, read_json
from flows.client.client import Client
from flows.sources.identity import Told, Verdict
from flows.sources.pypi import collect as source
from flows.sources.pypi.answers import read_overall
from warehouse.config.spelling import package_name
from warehouse.config.subject import Identifier
from warehouse.errors import NotFound, Refused

# Source: https://packaging.python.org/en/latest/specifications/name-normalization/
PACKAGE_NAME = re.compile(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.IGNORECASE | re.ASCII)
IGNORES_CASE = False
DAYS_KEPT = source.PYPISTATS_KEEPS.days


class _Downloads(Shape):
    last_month: Count | None


class _Recent(Shape):
    package: str
    type: Literal["recent_downloads"]
    data: _Downloads


def confirm(client: Client, identifier: Identifier) -> Told:
    """Ask for a package's downloads in the last month; of one without any, for those in half a year.

    Source: https://pypistats.org/api/
    """
    try:
        told = client.consult(
            identifier.name, _url(client, identifier, "recent"), parse=partial(_read, identifier.name)
        )
    except NotFound:
        return _confirm_by_days(client, identifier)
    if told.data.last_month is None:
        return Told(Verdict.RIGHT, "known, its last month is not")
    return Told(Verdict.RIGHT, f"{told.data.last_month:,} downloads in the last month")


def _confirm_by_days(client: Client, identifier: Identifier) -> Told:
    """Ask for all days kept; a package that has ceased to count need not have any."""
    url, today = _url(client, identifier, "overall"), client.settings.clock().date()
    try:
        days = client.consult(identifier.name, url, parse=partial(read_overall, identifier.name, today)).data
    except Refused as error:
        unknown = f"no downloads in the last {DAYS_KEPT} days, or no such package"
        if identifier.valid_until and identifier.valid_until < today:
            words = f"{unknown}; it counts until {identifier.valid_until}, of which nothing is kept"
            return Told(Verdict.UNVERIFIABLE, words)
        raise Refused(unknown) from error
    downloads = sum(day.downloads for day in days if day.category == "without_mirrors")
    return Told(
        Verdict.RIGHT, f"{downloads:,} downloads in the last {DAYS_KEPT} days, none in the last month"
    )


def _url(client: Client, identifier: Identifier, told: str) -> str:
    return f"{client.settings.urls['PYPISTATS_URL']}/api/packages/{identifier.name}/{told}"


def search(client: Client, name: str) -> Sequence[str]:
    """Return nothing: there is no search."""
    return ()


def guess(client: Client, name: str) -> str:
    """Return the name as a package's; raises Refused where none can be called so."""
    return _package(name)


def _read(name: str, body: bytes) -> _Recent:
    told = read_json(_Recent, body)
    if told.package != name:
        raise ValueError(f"found package {told.package}, expected {name}")
    return told


def _package(name: str) -> str:
    """Return the package called so, in its normal form."""
    if not PACKAGE_NAME.fullmatch(name):
        signs = "letters, digits and . _ - alone, the first two at both ends"
        raise Refused(f"no package can be called so: a name has {signs}")
    return package_name(name)
