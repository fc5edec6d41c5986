"""The Hugging Face Hub: a formula, because nobody has counted its past; every answer says so under `sample`.

The Hub doubles each year, and the curves of the demo's search interest divide the models with a known tag.
Of an unknown library there are none. Source of the form: the website's own requests.
"""

import math
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES

SAMPLE = "formula of Barometer's demo, not the Hub's figures"
PER_PAGE = 30
OPENED, FIRST_MODELS = date(2018, 11, 1), 400
# What each library's tag is of all models, at the height of its curve.
LIBRARIES = {
    "pytorch": ("pytorch", 0.004),
    "tf": ("tensorflow", 0.0012),
    "jax": ("jax", 0.004),
    "keras": ("keras", 0.0006),
}


class Hub:
    """Answers with the first page of models, and how many there are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the library is a parameter."""
        return [Route("/models-json", self.models)]

    async def models(self, request: Request) -> Response:
        """Answer with invented models, and with their number where it is asked for."""
        asked = request.query_params
        total = self._models(asked.get("library"))
        listed = [{"id": f"sample/{n}", "downloads": 0, "likes": 0} for n in range(min(total, PER_PAGE))]
        counted = {"numTotalItems": total} if asked.get("withCount") == "true" else {}
        answer = {"models": listed, "numItemsPerPage": PER_PAGE, "pageIndex": 0, **counted}
        return JSONResponse({**answer, "sample": SAMPLE})

    def _models(self, library: str | None) -> int:
        years = (self._clock.today - OPENED).days / 365
        total = FIRST_MODELS * math.pow(3.5, years)
        if library is None:
            return round(total)
        if library not in LIBRARIES:
            return 0
        curve, share = LIBRARIES[library]
        return round(total * share * CURVES[curve].on(self._clock.today))


# Shown on one day alone, and so collected on each of the demo's days in the past.
PASSING = "models"


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in its place."""
    return [Hub(clock)]
