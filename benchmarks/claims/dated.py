"""Claims that were made on a day, as `claims.toml` has them, in the form in which the engine judges them."""

import tomllib
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from warehouse.config.claims import Claim, Measure, Quote
from warehouse.config.parts import Id, Reason, Strict, Text

FILE = Path(__file__).parent / "claims.toml"
ECOSYSTEM = Path(__file__).parent / "ecosystem.toml"
MOST_WORDS = 12


class Dated(Strict):
    """What a page said of a subject on a day; `dated_to` tells how closely the page tells its day.

    Of a month or a year that a page names alone, `made_on` is the first day.
    """

    id: Id
    made_on: date
    dated_to: Literal["day", "month"] = "day"
    source: Text
    url: Annotated[str, Field(pattern=r"^https?://")]
    quote: Quote
    says: Reason
    about: Id
    against: tuple[Id, ...] = ()
    evidence: tuple[Measure, ...] = ()
    not_measurable: Reason | None = None

    @model_validator(mode="after")
    def _is_quoted_shortly(self) -> Self:
        if (words := len(self.quote.split())) > MOST_WORDS:
            raise ValueError(f"found a quote of {words} words, expected at most {MOST_WORDS}")
        return self

    def unknown(self, metrics: Collection[str]) -> list[str]:
        """Return its metrics that no source here declares."""
        return [one.metric for one in self.evidence if one.metric not in metrics]

    def claim(self, metrics: Collection[str]) -> Claim | None:
        """Return it as the engine judges it, by the metrics that are known here; None where none is."""
        evidence = tuple(one for one in self.evidence if one.metric in metrics)
        if not evidence and self.not_measurable is None:
            return None
        return Claim(
            id=self.id,
            quote=self.quote,
            says=self.says,
            question=self.says,
            about=self.about,
            against=self.against,
            evidence=evidence,
            not_measurable=self.not_measurable,
            would_change="Figures of the other side in two thirds of the weight.",
            cannot_tell="What the page counted itself.",
        )


class Collected(Strict):
    """The file of claims."""

    claims: Annotated[tuple[Dated, ...], Field(min_length=1)]


def read_dated(path: Path = FILE) -> tuple[Dated, ...]:
    """Return the claims of a file; pydantic's ValidationError names what is wrong with it."""
    return Collected.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).claims
