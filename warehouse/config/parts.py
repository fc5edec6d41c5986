"""What parts of a configuration have in common, and the bounds within which a source is believed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
Bound = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Strict(BaseModel):
    """A part of the configuration; a key that nobody reads is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bounds(Strict):
    """The bounds of one quantity, both included, and why they are what they are."""

    at_least: Bound | None = None
    at_most: Bound | None = None
    reason: Reason

    @model_validator(mode="after")
    def _bounds_something(self) -> "Bounds":
        if self.at_least is None and self.at_most is None:
            raise ValueError("found no bound, expected at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"found at_least {self.at_least:g} above at_most {self.at_most:g}")
        return self
