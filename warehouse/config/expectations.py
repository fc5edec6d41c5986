"""The least that a source must tell to be believed: which expectations there are, and their bounds.

The bounds stand in `ecosystem.toml`, each with its reason; what is measured against them is SQL's work.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from warehouse.config.subject import Reason, Strict

# Source, expectation, and the quantity that the bounds are for.
KNOWN_EXPECTATIONS: Mapping[str, Mapping[str, str]] = {
    "github": {"star_history_share": "the star history's sum, as a share of the stars told"},
    "pypi": {"days_told": "days told of a package, of the last 180"},
    "stackoverflow": {"known_months_share": "months answered of a tag, as a share of those that are over"},
    "google_trends": {"points": "periods told in one comparison"},
    "wikipedia": {"days_told_share": "days told of an article since its first, as a share of those over"},
}

Bound = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Expectation(Strict):
    """The bounds of one quantity, both included, and why they are what they are."""

    at_least: Bound | None = None
    at_most: Bound | None = None
    reason: Reason

    @model_validator(mode="after")
    def _bounds_something(self) -> "Expectation":
        if self.at_least is None and self.at_most is None:
            raise ValueError("found no bound, expected at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"found at_least {self.at_least:g} above at_most {self.at_most:g}")
        return self
