"""What tests make: configurations of an ecosystem, and answers of its sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tomlkit

from warehouse.archive.write import Page
from warehouse.config.catalog import catalog

Fields = Mapping[str, Any]


def called(name: str, /, *sources: str, **others: Any) -> dict[str, Any]:
    """Return a subject's fields, called the same at these sources, or at every one; `others` go before."""
    identifiers = {
        "github": f"{name}/{name}",
        "pypi": [name],
        "stackoverflow": name,
        "google_trends": name,
        "wikipedia": name.title(),
    }
    return {source_id: identifiers[source_id] for source_id in sources or identifiers} | others


def expecting(lag: int, **bounds: tuple[float | None, float | None, str]) -> dict[str, Any]:
    """Return a source's options: its expected lag in days, and the least, most and why of expectations."""
    expect = {
        name: {"reason": why}
        | ({} if least is None else {"at_least": least})
        | ({} if most is None else {"at_most": most})
        for name, (least, most, why) in bounds.items()
    }
    return {"expected_lag_days": lag, "expect": expect}


def configuration(sources: Mapping[str, int | Fields] | None = None, /, **subjects: Fields) -> str:
    """Return the text of a configuration of these subjects by id, each named as its id unless it says.

    `sources` has the options of some, or their expected lag alone. The others of which a subject has an
    identifier are given the lag that they declare, and no expectation; those that call subjects as another
    does are left alone unless `sources` names them.
    """
    tables = [{"id": name, "name": name.title(), **fields} for name, fields in subjects.items()]
    asked = [source for source in catalog().values() if any(source.id in table for table in tables)]
    alone = {source.id: {"asked": False} for source in catalog().values() if source.identifier.same_as}
    lags = {source.id: source.expected_lag_days for source in asked}
    options: dict[str, Any] = {**alone, **lags, **(sources or {})}
    told = {
        source_id: {"expected_lag_days": option} if isinstance(option, int) else option
        for source_id, option in options.items()
    }
    return tomlkit.dumps({"question": "Which?", "subjects": tables, "sources": told})


@dataclass(frozen=True)
class Told:
    """An answer of a source, as a test writes it down."""

    source_id: str
    endpoint: str
    key: str
    body: Any
    at: datetime
    url: str = "https://source.example/"
    problem: str | None = None
    service: str | None = None

    def page(self) -> Page:
        """Return it as it is archived."""
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return Page(self.endpoint, self.key, self.url, 200, self.at, body.encode(), self.problem)
