"""Claims that people make of what is compared, and how figures can judge them: a file of claims, validated.

A set that comes with Barometer is named, one's own is a file beside the configuration.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from warehouse.config.catalog import catalog
from warehouse.config.contact import LARGEST_CONFIGURATION_BYTES
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.parts import Id, Reason, Strict, Text
from warehouse.config.toml_errors import describe, line_of
from warehouse.errors import ConfigurationError
from warehouse.regular import read_regular

FOLDER = Path(__file__).parent
Quote = Annotated[str, Field(min_length=1, max_length=120)]
Weight = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]


class Measure(Strict):
    """A metric that can answer: who `leads` in it, or whose figures were multiplied by more within a year."""

    metric: Id
    measure: Literal["leads", "grows"] = "leads"
    weight: Weight = 1.0


class Claim(Strict):
    """What somebody says of a subject, beside its rivals: all others, unless it names some.

    `evidence` is what it is judged by; a claim that no figures can judge has the reason in its place.
    """

    id: Id
    quote: Quote
    says: Reason
    question: Reason
    about: Id
    against: tuple[Id, ...] = ()
    evidence: tuple[Measure, ...] = ()
    not_measurable: Reason | None = None
    would_change: Reason | None = None
    cannot_tell: Reason | None = None

    @model_validator(mode="after")
    def _can_be_judged_or_not(self) -> Self:
        if bool(self.evidence) == (self.not_measurable is not None):
            found = "both" if self.evidence else "none"
            raise ValueError(f"found {found} of evidence and not_measurable, expected one of them")
        if self.evidence and not (self.would_change and self.cannot_tell):
            raise ValueError("found no would_change or no cannot_tell, expected both where there is evidence")
        asked = Counter((one.metric, one.measure) for one in self.evidence)
        if twice := [f"{metric} {measure}" for (metric, measure), count in asked.items() if count > 1]:
            raise ValueError(f"found {', '.join(twice)} twice, expected each once")
        if self.about in self.against:
            raise ValueError(f"found {self.about} against itself, expected its rivals")
        return self

    def rivals(self, ecosystem: Ecosystem) -> tuple[str, ...]:
        """Return the subjects beside which it is judged, in the order of the configuration."""
        others = [one.id for one in ecosystem.subjects if one.id != self.about]
        return tuple(one for one in others if not self.against or one in self.against)


class Claims(Strict):
    """A set of claims, and where they were made."""

    source: Text
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    published_on: Text | None = None
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _are_distinct(self) -> Self:
        counts = Counter(claim.id for claim in self.claims)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise ValueError(f"found claims {', '.join(twice)} more than once, expected each once")
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Claim]:
        """Each claim by its id."""
        return {claim.id: claim for claim in self.claims}


OWNERS: Mapping[str, type[BaseModel]] = {"": Claims, "claims": Claim, "evidence": Measure}


def shipped_sets() -> list[str]:
    """Return the name of every set that comes with Barometer."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def claims_of(ecosystem: Ecosystem, config: Path) -> Claims | None:
    """Return the claims that a configuration has judged, or None where it names none.

    Raises ConfigurationError that names file, line and claim, what was found and what was expected.
    """
    told = ecosystem.claims
    if told is None:
        return None
    if told in shipped_sets():
        return read_claims(FOLDER / f"{told}.toml", ecosystem)
    if not told.endswith(".toml"):
        known = ", ".join(shipped_sets())
        raise ConfigurationError(f"{config}: claims: found {told!r}, expected one of {known}, or a TOML file")
    return read_claims(config.parent / told, ecosystem)


def read_claims(path: Path, ecosystem: Ecosystem) -> Claims:
    """Return the claims of a file, about these subjects; raises ConfigurationError."""
    try:
        text = read_regular(path, LARGEST_CONFIGURATION_BYTES).decode()
        told = tomllib.loads(text)
        claims = Claims.model_validate(told)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}, expected a file of claims") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        mistakes = (_mistake(mistake, text, told) for mistake in error.errors())
        raise ConfigurationError("\n".join(f"{path}:{mistake}" for mistake in mistakes)) from error
    for place, claim in enumerate(claims.claims):
        for field, found in _unknown(claim, ecosystem):
            line = line_of(text, ("claims", place, field))
            raise ConfigurationError(f"{path}:{line}: claim {claim.id}: {field}: {found}")
    return claims


def _mistake(mistake: Any, text: str, told: Mapping[str, Any]) -> str:
    """Return a mistake with its line, by its claim's own name where it has one."""
    line, what = describe(mistake, text, OWNERS)
    match mistake["loc"]:
        case ("claims", int(place), *_) if name := told["claims"][place].get("id"):
            what = what.removeprefix(f"claims.{place + 1}").lstrip(".: ")
            return f"{line}: claim {name}: {what}"
    return f"{line}: {what}"


def _unknown(claim: Claim, ecosystem: Ecosystem) -> Iterator[tuple[str, str]]:
    """Yield the fields of a claim that name what there is not, with what was found and expected."""
    subjects = [one.id for one in ecosystem.subjects]
    for field, names, known in (
        ("about", [claim.about], subjects),
        ("against", claim.against, subjects),
        ("evidence", [one.metric for one in claim.evidence], list(catalog().metrics)),
    ):
        if strange := [name for name in names if name not in known]:
            near = get_close_matches(strange[0], known, cutoff=0.8) or known
            yield field, f"found {', '.join(strange)}, expected one of {', '.join(near)}"
