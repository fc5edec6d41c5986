"""The ClickHouse copy of the packages' metadata: a formula, because no figures of it were at hand.

A family's curve is that of the demo's search interest, or a mild one; the index grows evenly. Every
answer says so under `sample`. Source of the form: https://clickhouse.com/docs/interfaces/http
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.sources.dependents.answers import SUMMED
from flows.standin import clickhouse
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES, MILD
from flows.standin.shared import Declined, SharedRoute

SAMPLE = "formula of Barometer's demo, not the index's figures"
TABLE = "pypi.projects"
NEEDED = ("packages", "until", "row_limit")
# Of packages that are not called as their framework.
FRAMEWORKS = {"torch": "pytorch"}
# Until the first row, and so many more each month; of requirements so many to a point of interest.
FIRST_RELEASED, MORE_RELEASED, REQUIRING, FILES = 20_000, 350, 9, 4
# Of projects with a release that requires it: as many begin, cease, or begin to offer it alone.
BEGIN, CEASE, OFFER = 0.14, 0.03, 0.02


class Metadata:
    """Answers with a row for each month up to the running one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is a parameter."""
        return [SharedRoute("/", self.query, methods=["GET"])]

    async def query(self, request: Request) -> Response:
        """Answer with the months of a family, whatever else the query says of the known table."""
        asked = request.query_params
        if TABLE not in asked.get("query", ""):
            raise Declined(clickhouse.unknown_table())
        for name in NEEDED:
            if f"param_{name}" not in asked:
                return clickhouse.not_set(name)
        try:
            until, most = date.fromisoformat(asked["param_until"]), int(asked["param_row_limit"])
        except ValueError:
            return clickhouse.exception(400, 457, "Value cannot be parsed", "BAD_QUERY_PARAMETER")
        packages = re.findall(r"'([^']+)'", asked["param_packages"])
        return JSONResponse(_answer(list(self._rows(packages, until)), most))

    def _rows(self, packages: Sequence[str], until: date) -> Iterator[dict[str, object]]:
        """Yield each month's counts; of the running one the part that is over."""
        names = [FRAMEWORKS.get(package, package) for package in packages]
        curve = next((CURVES[name] for name in names if name in CURVES), MILD)
        month, released = until, FIRST_RELEASED
        while month <= self._clock.today:
            days = (next_month(month) - month).days
            part = min((self._clock.today - month).days, days) / days
            yield {"month": month.isoformat(), **_counts(round(released * part), curve.on(month) * part)}
            month, released = next_month(month), released + MORE_RELEASED


def _counts(released: int, interest: float) -> Mapping[str, int]:
    requiring = min(round(REQUIRING * interest), released)
    changes = (round(requiring * share) for share in (BEGIN, CEASE, OFFER, 0))
    return dict(zip(SUMMED, (released, requiring, *changes, FILES * released), strict=True))


def _answer(rows: Sequence[Mapping[str, object]], most: int) -> dict[str, object]:
    totals = {name: sum(int(str(row[name])) for row in rows) for name in SUMMED}
    held = totals["loaded"]
    return {
        "data": [{**row, "held": held} for row in rows[:most]],
        "totals": {"month": "1970-01-01", **totals, "held": held},
        "rows": len(rows[:most]),
        "sample": SAMPLE,
    }


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the copy."""
    return [Metadata(clock)]
