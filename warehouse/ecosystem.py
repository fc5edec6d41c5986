"""What is compared and where it is asked for: `ecosystem.toml`, validated on load."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from warehouse.errors import ConfigurationError

# Okabe and Ito's palette without its yellow and black: told apart by colour-blind readers.
PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
SubjectId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Repository = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")]
# The normalised form, because pypistats does not lower-case for us.
Package = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+#-]+$")]
# As in its address: underscores for spaces, and no name begins with a small letter there.
Article = Annotated[str, StringConstraints(pattern=r"^[^\sa-z_#<>\[\]{}|][^\s#<>\[\]{}|]*$", max_length=255)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Subject(_Strict):
    """One compared project and its identifiers; a source without an identifier is not asked."""

    id: SubjectId
    name: Name
    first_release_on: date | None = None
    github: Repository | None = None
    pypi: tuple[Package, ...] = ()
    stackoverflow: Tag | None = None
    google_trends: Name | None = None
    wikipedia: Article | None = None

    def identifiers(self, source_id: str) -> tuple[str, ...]:
        """Return what this subject is called at a source, in configuration order."""
        value: str | tuple[str, ...] | None = getattr(self, source_id, None)
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else value


class SourceOptions(_Strict):
    """How a source is judged."""

    expected_lag_days: Annotated[int, Field(ge=0, le=400)]


class Ecosystem(_Strict):
    """The question, the compared subjects and the sources that are asked."""

    question: Name
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=len(PALETTE))]
    sources: Annotated[dict[str, SourceOptions], Field(min_length=1)]

    @model_validator(mode="after")
    def _subjects_are_distinct(self) -> "Ecosystem":
        ids = [subject.id for subject in self.subjects]
        if len(set(ids)) < len(ids):
            raise ValueError(f"found subject ids {', '.join(ids)}, expected each once")
        return self

    def colors(self) -> dict[str, str]:
        """Return the colour of each subject, by configuration order."""
        return {subject.id: color for subject, color in zip(self.subjects, PALETTE, strict=False)}


def read_ecosystem(path: Path, known_sources: Sequence[str]) -> Ecosystem:
    """Return the validated configuration.

    Raises ConfigurationError that names file and line, what was found and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}, expected the configuration file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    try:
        ecosystem = Ecosystem.model_validate(table)
    except ValidationError as error:
        raise ConfigurationError("\n".join(_describe(path, text, e) for e in error.errors())) from error
    _require_known_sources(path, text, ecosystem, known_sources)
    return ecosystem


def _require_known_sources(path: Path, text: str, ecosystem: Ecosystem, known: Sequence[str]) -> None:
    for source_id in ecosystem.sources:
        if source_id not in known:
            line = _line_of(text, ("sources", source_id))
            raise ConfigurationError(
                f"{path}:{line}: sources: found {source_id!r}, expected one of {', '.join(sorted(known))}"
            )


def _describe(path: Path, text: str, error: Any) -> str:
    location = tuple(error["loc"])
    name = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in location)
    expected = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        expected = f"unknown key, expected one of {', '.join(_known_keys(location))}"
    elif error["type"] == "missing":
        expected = "found nothing, expected a value here"
    elif error["type"] != "value_error":
        expected = f"found {error['input']!r}; {expected}"
    return f"{path}:{_line_of(text, location)}: {name or 'configuration'}: {expected}"


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    owner = {1: Ecosystem, 3: Subject if location[0] == "subjects" else SourceOptions}
    return list(owner.get(len(location), Ecosystem).model_fields)


def _line_of(text: str, location: tuple[str | int, ...]) -> int:
    """Return the line of a key, or of the nearest table around it (TOML readers keep no lines)."""
    lines = text.splitlines()
    table = str(location[0]) if location else ""
    headers = [n for n, line in enumerate(lines) if re.match(rf"\s*\[+\s*{re.escape(table)}\b", line)]
    index = location[1] if len(location) > 1 and isinstance(location[1], int) else 0
    start = headers[index] if index < len(headers) else 0
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    for key in (str(part) for part in reversed(location) if isinstance(part, str)):
        for number in range(start, end):
            if re.search(rf"(^|[{{,])\s*\"?{re.escape(key)}\"?\s*=", lines[number]):
                return number + 1
    return start + 1
