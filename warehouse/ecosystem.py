"""What is compared and where it is asked for: `ecosystem.toml`, validated on load."""

import tomllib
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from warehouse.contact import LARGEST_CONFIGURATION_BYTES, require_contact
from warehouse.errors import ConfigurationError
from warehouse.expectations import KNOWN_EXPECTATIONS, Expectation
from warehouse.mistakes import describe, line_of
from warehouse.regular import read_regular
from warehouse.subject import Article, Name, Package, Strict, Subject

__all__ = ["PALETTE", "Ecosystem", "SourceOptions", "Subject", "parse_ecosystem", "read_ecosystem"]

# Okabe and Ito's palette without its yellow and black: told apart by colour-blind readers.
PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

# Google compares no more in one question; an export of its website has room for as many as there are colours.
MOST_TERMS = 5


class SourceOptions(Strict):
    """How a source is judged."""

    expected_lag_days: Annotated[int, Field(ge=0, le=400)]
    expect: dict[str, Expectation] = Field(default_factory=dict)


class Ecosystem(Strict):
    """The question, the compared subjects and the sources that are asked.

    `contact` is whom a source may ask about these requests; `warehouse.settings` reads it too.
    """

    question: Name
    contact: Annotated[str, AfterValidator(require_contact)] | None = None
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=len(PALETTE))]
    sources: Annotated[dict[str, SourceOptions], Field(min_length=1)]

    @model_validator(mode="after")
    def _subjects_are_distinct(self) -> "Ecosystem":
        ids = [subject.id for subject in self.subjects]
        if len(set(ids)) < len(ids):
            raise ValueError(f"found subject ids {', '.join(ids)}, expected each once")
        return self

    def asking(self) -> "Ecosystem":
        """Return the same with those sources alone at which a subject is called something."""
        asked = {
            source_id: options
            for source_id, options in self.sources.items()
            if any(subject.identifiers(source_id) for subject in self.subjects)
        }
        return self.model_copy(update={"sources": asked})

    def colors(self) -> dict[str, str]:
        """Return the colour of each subject, by configuration order; the palette's end is its beginning."""
        return {subject.id: color for subject, color in zip(self.subjects, cycle(PALETTE), strict=False)}


# Whose keys stand in the tables under which key, to name them where one is unknown.
OWNERS: Mapping[str, type[BaseModel]] = {
    "": Ecosystem,
    "subjects": Subject,
    "pypi": Package,
    "wikipedia": Article,
    "sources": SourceOptions,
    "expect": Expectation,
}


def read_ecosystem(path: Path, known_sources: Sequence[str]) -> Ecosystem:
    """Return the validated configuration.

    Raises ConfigurationError that names file and line, what was found and what was expected.
    """
    try:
        text = read_regular(path, LARGEST_CONFIGURATION_BYTES).decode()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}, expected the configuration file") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    return parse_ecosystem(text, path, known_sources)


def parse_ecosystem(text: str, path: Path, known_sources: Sequence[str]) -> Ecosystem:
    """Return the configuration that a text is; `path` is only named in errors, which are the same.

    A source at which no subject is called anything is left out: there is nothing to ask it for.
    """
    try:
        ecosystem = Ecosystem.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: found lists or tables hundreds deep, expected few") from error
    except ValidationError as error:
        mistakes = (describe(mistake, text, OWNERS) for mistake in error.errors())
        raise ConfigurationError("\n".join(f"{path}:{line}: {what}" for line, what in mistakes)) from error
    for source_id, options in ecosystem.sources.items():
        _require_known(path, text, ("sources",), source_id, known_sources)
        expectations = tuple(KNOWN_EXPECTATIONS.get(source_id, ()))
        for name in options.expect:
            _require_known(path, text, ("sources", source_id, "expect"), name, expectations)
    return ecosystem.asking()


def _require_known(path: Path, text: str, table: Sequence[str], key: str, known: Sequence[str]) -> None:
    if key not in known:
        place = f"{path}:{line_of(text, (*table, key))}: {'.'.join(table)}"
        raise ConfigurationError(f"{place}: found {key!r}, expected one of {', '.join(sorted(known))}")
