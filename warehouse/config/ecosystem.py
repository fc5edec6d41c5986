"""What is compared and where it is asked for: `ecosystem.toml`, validated on load."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from warehouse.config.catalog import Source, catalog
from warehouse.config.contact import LARGEST_CONFIGURATION_BYTES, require_contact
from warehouse.config.parts import Bounds, Id, Strict, Text
from warehouse.config.subject import ENTRIES, Called, Name, Subject, SubjectId
from warehouse.config.toml_errors import describe, line_of, written
from warehouse.config.tool import Misplaced, Tool, misplaced
from warehouse.errors import ConfigurationError
from warehouse.regular import read_regular

__all__ = [
    "MOST_SUBJECTS",
    "PALETTE",
    "Comparison",
    "Ecosystem",
    "SourceOptions",
    "Subject",
    "Tool",
    "parse_ecosystem",
    "read_ecosystem",
]

# The first six are Okabe and Ito's palette without its yellow and black: told apart by colour-blind readers.
# Each further one is, of all that stand out from paper, the farthest from those before it in both themes, by
# CIELAB.
PALETTE = (
    *("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"),
    *("#ee00ee", "#2200ee", "#668800", "#aa8866", "#ee0022", "#ee22aa", "#004444", "#4444aa", "#008800"),
    *("#440022", "#cc66ee", "#668844", "#aa2222", "#2288ee", "#8800aa", "#886600", "#ee6644", "#ee4488"),
)

# With so many everything was tried (benchmarks/README.md); what draws them has room for fewer.
MOST_SUBJECTS = 10_000

# Of so many a reader sees what is wrong with all.
MOST_MISTAKES = 20


class SourceOptions(Strict):
    """How a source is judged, in place of what it declares; with `asked` false it is left alone.

    An `expected_lag_days` that is not told is what is declared of so many names; what is not told to `expect`
    is not expected.
    """

    asked: bool = True
    expected_lag_days: Annotated[int, Field(ge=0, le=400)] | None = None
    expect: dict[str, Bounds] = Field(default_factory=dict)


def _declared(source: Source) -> SourceOptions:
    """Return what holds of a source that the configuration does not speak of."""
    expect = {
        name: Bounds(at_least=one.at_least, at_most=one.at_most, reason=one.reason)
        for name, one in source.expectations.items()
    }
    return SourceOptions(expect=expect)


class Comparison(Strict):
    """A question of its own over some of the subjects, answered by an overview of its own.

    `measures` names the series of its table, by their public names; without any it has all of them.
    """

    id: Id
    question: Name
    subjects: Annotated[tuple[SubjectId, ...], Field(min_length=1)]
    measures: tuple[Id, ...] = ()


def _require_room(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    if not 1 <= len(subjects) <= MOST_SUBJECTS:
        raise ValueError(f"found {len(subjects):,}, expected at least one and at most {MOST_SUBJECTS:,}")
    return subjects


class Ecosystem(Strict):
    """The question, the compared subjects, the tools around them and the sources that are asked.

    `comparisons` are further questions over some of the subjects.

    `contact` is whom a source may ask about these requests; `warehouse.config.settings` reads it too.
    `claims` names those that are judged: a set that comes with Barometer, or a file beside this one.
    """

    question: Name
    claims: Text | None = None
    contact: Annotated[str, AfterValidator(require_contact)] | None = None
    subjects: Annotated[tuple[Subject, ...], AfterValidator(_require_room)]
    tools: tuple[Tool, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    sources: dict[str, SourceOptions] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> "Ecosystem":
        counts = Counter(one.id for one in self.called)
        if twice := [f"{id_} {count} times" for id_, count in counts.items() if count > 1]:
            whose = "ids of subjects and tools" if self.tools else "subject ids"
            raise ValueError(f"found {whose} {', '.join(twice)}, expected each once")
        return self

    @property
    def called(self) -> Sequence[Called]:
        """The subjects, and the tools around them: all that has names at the sources."""
        return (*self.subjects, *self.tools)

    def called_at(self, source_id: str) -> Sequence[Called]:
        """Return whose names a source is asked about."""
        return self.called if source_id in catalog().naming_tools else self.subjects

    def asking(self) -> "Ecosystem":
        """Return the same with every source at which a subject is called something, as it is judged.

        That is each one that is known, as it declares, unless the configuration tells otherwise.
        """
        asked = {}
        for source_id, source in catalog().items():
            options = self.sources.get(source_id) or _declared(source)
            if options.expected_lag_days is None:
                names = {name for one in self.called_at(source_id) for name in one.identifiers(source_id)}
                options = options.model_copy(update={"expected_lag_days": source.lag_days_of(names)})
            if options.asked and any(one.identifiers(source_id) for one in self.called):
                asked[source_id] = options
        return self.model_copy(update={"sources": asked})

    def colors(self) -> dict[str, str]:
        """Return the colour of each subject, by configuration order; the palette's end is its beginning."""
        return {subject.id: color for subject, color in zip(self.subjects, cycle(PALETTE), strict=False)}


# Whose keys stand in the tables under which key, to name them where one is unknown.
OWNERS: Mapping[str, type[BaseModel]] = {
    "": Ecosystem,
    "subjects": Subject,
    "tools": Tool,
    "comparisons": Comparison,
    **ENTRIES,
    "sources": SourceOptions,
    "expect": Bounds,
}


def read_ecosystem(path: Path) -> Ecosystem:
    """Return the validated configuration.

    Raises ConfigurationError that names file and line, what was found and what was expected.
    """
    try:
        text = read_regular(path, LARGEST_CONFIGURATION_BYTES).decode()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}, expected the configuration file") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    return parse_ecosystem(text, path)


def parse_ecosystem(text: str, path: Path) -> Ecosystem:
    """Return the configuration that a text is; `path` is only named in errors, which are the same.

    Sources that it does not speak of are asked as they declare. One at which no subject is called anything is
    left out: there is nothing to ask it for.
    """
    try:
        ecosystem = Ecosystem.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: found lists or tables hundreds deep, expected few") from error
    except ValidationError as error:
        mistakes = [describe(mistake, text, OWNERS) for mistake in error.errors()[:MOST_MISTAKES]]
        lines = [f"{path}:{line}: {what}" for line, what in mistakes]
        more = error.error_count() - len(mistakes)
        raise ConfigurationError("\n".join([*lines, *([f"and {more} more"] if more else [])])) from error
    if misfits := [
        f"{path}:{line_of(text, place)}: {written(place)}: {what}"
        for place, what in (*misplaced(ecosystem.tools, ecosystem.subjects), *_unknown(ecosystem))
    ]:
        raise ConfigurationError("\n".join(misfits[:MOST_MISTAKES]))
    for source_id, options in ecosystem.sources.items():
        _require_known(path, text, ("sources",), source_id, tuple(catalog()))
        expectations = tuple(catalog()[source_id].expectations)
        for name in options.expect:
            _require_known(path, text, ("sources", source_id, "expect"), name, expectations)
    return ecosystem.asking()


def _unknown(ecosystem: Ecosystem) -> Misplaced:
    """Yield what the comparisons name that there is not or that is not drawn, and ids that are told twice."""
    known = {"subjects": [one.id for one in ecosystem.subjects], "measures": list(catalog().measures)}
    ids = [one.id for one in ecosystem.comparisons]
    named: dict[str, None] = {}
    for number, one in enumerate(ecosystem.comparisons):
        named |= dict.fromkeys(one.subjects)
        if len(named) > len(PALETTE):
            found = f"found {len(named)} subjects up to here in all comparisons"
            yield ("comparisons", number, "subjects"), f"{found}, expected {len(PALETTE)}: no more are drawn"
        if ids.index(one.id) < number:
            yield ("comparisons", number, "id"), f"found {one.id} again, expected each once"
        for name, expected in known.items():
            if others := [told for told in getattr(one, name) if told not in expected]:
                yield (
                    ("comparisons", number, name),
                    f"found {', '.join(others)}, expected some of {', '.join(expected)}",
                )


def _require_known(path: Path, text: str, table: Sequence[str], key: str, known: Sequence[str]) -> None:
    if key not in known:
        place = f"{path}:{line_of(text, (*table, key))}: {'.'.join(table)}"
        raise ConfigurationError(f"{place}: found {key!r}, expected one of {', '.join(sorted(known))}")
