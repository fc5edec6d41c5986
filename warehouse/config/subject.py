"""A compared project, and what it is called at each source; the sources' declarations say how.

What a tool around them is stands in `warehouse.config.tool`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
)

from warehouse.config.catalog import Identifier as Declared
from warehouse.config.catalog import catalog
from warehouse.config.parts import Reason, Strict
from warehouse.config.spelling import ID

# Before it there was no software that anybody compares, and no day can be reckoned from.
FirstRelease = Annotated[date, Field(ge=date(1950, 1, 1))]
LONGEST_NAME = 80
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
SubjectId = Annotated[str, AfterValidator(ID.require)]


class Identifier(NamedTuple):
    """What a subject is called at a source, from and to which day, and within which sibling it is counted."""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None
    within: str | None = None

    def counts_beside(self, other: "Identifier") -> bool:
        """Whether there is a day on which both count, each by itself."""
        begins = max(self.valid_from or date.min, other.valid_from or date.min)
        ends = min(self.valid_until or date.max, other.valid_until or date.max)
        return begins <= ends and self.within is None and other.within is None


class Called(Strict):
    """What has an id, a name, and names at sources."""

    id: SubjectId
    name: Name

    def identifiers(self, source_id: str) -> tuple[str, ...]:
        """Return what this one is called at a source, in configuration order."""
        return tuple(identifier.name for identifier in self.dated_identifiers(source_id))

    def dated_identifiers(self, source_id: str) -> tuple[Identifier, ...]:
        """Return the same with the days for which each one counts, where they have such days."""
        declared = catalog()[source_id].identifier if source_id in catalog() else None
        named_at: str = declared.same_as if declared and declared.same_as else source_id
        told: Any = getattr(self, named_at, None) or ()
        entry = declared.entry if declared else None
        if entry is None:
            return (Identifier(told),) if told else ()
        return tuple(
            Identifier(getattr(one, entry), one.since, one.until, getattr(one, "within", None))
            for one in told
        )


class SubjectBase(Called):
    """One compared project and its identifiers; a source without an identifier is not asked."""

    first_release_on: FirstRelease | None = None


def _spelled(declared: Declared) -> Any:
    """Return the type of a name as a source spells it."""
    spelling = declared.spelling
    return Annotated[str, AfterValidator(spelling.require)] if spelling else Name


def _ends_after_it_began(until: date | None, info: ValidationInfo) -> date | None:
    since = info.data.get("since")
    if since and until and until <= since:
        raise ValueError(f"found {until}, expected a day after {since}, since which it counts")
    return until


def _entry_of(source_id: str, declared: Declared, key: str) -> type[Strict]:
    """Return the model of one of several names at a source, which stands under the key.

    `since` and `until` are the first and last day on which it counts. `within`, where it may stand, names the
    sibling whose installation pulls this one in on some platform: its figures are shown but never added to
    the family's, or one installation would count twice.
    """
    name, days = _spelled(declared), {"since": (date | None, None), "until": (date | None, None)}
    within = {"within": (name | None, None)} if declared.within else {}
    fields: Any = {key: (name, ...), **days, **within, "note": (Reason | None, None)}
    ends: Any = {"ends": field_validator("until")(_ends_after_it_began)}
    return create_model(f"{source_id}_entry", __base__=Strict, __validators__=ends, **fields)


# What an entry is at each source where a subject may have several names.
ENTRIES: Mapping[str, type[Strict]] = {
    source_id: _entry_of(source_id, source.identifier, key)
    for source_id, source in catalog().naming.items()
    if (key := source.identifier.entry)
}


def _written_short(key: str, declared: Declared) -> Callable[[Any, ValidationInfo], Any]:
    """Return what lets a name stand for an entry of which nothing else is said."""

    def entry(written: Any, info: ValidationInfo) -> Any:
        if not isinstance(written, str):
            return written
        spelling, name = declared.spelling, str(info.data.get("name", ""))
        return {key: spelling.require(written, name) if spelling else written}

    return entry


def _written_alone(key: str, declared: Declared) -> Callable[[Any, ValidationInfo], Any]:
    """Return what lets one entry stand for a list of one."""
    entry = _written_short(key, declared)

    def entries(written: Any, info: ValidationInfo) -> Any:
        return (entry(written, info),) if isinstance(written, str | dict) else written

    return entries


Required = Callable[[tuple[Strict, ...]], tuple[Strict, ...]]


def _require_each_once(key: str, declared: Declared) -> Required:
    """Return what refuses a name that stands twice."""

    def require(entries: tuple[Strict, ...]) -> tuple[Strict, ...]:
        names = [getattr(one, key) for one in entries]
        if len(set(names)) < len(names):
            raise ValueError(f"found {declared.entries or key} {', '.join(names)}, expected each once")
        return entries

    return require


def _require_siblings(key: str) -> Required:
    """Return what refuses a name within what is not counted by itself."""

    def require(entries: tuple[Strict, ...]) -> tuple[Strict, ...]:
        counted = [getattr(one, key) for one in entries if getattr(one, "within", None) is None]
        for one in entries:
            within = getattr(one, "within", None)
            if within not in (None, *counted):
                expected = f"one that is counted by itself: {', '.join(counted) or 'there is none'}"
                raise ValueError(f"found {getattr(one, key)} within {within}, expected {expected}")
        return entries

    return require


def several_at(source_id: str, declared: Declared) -> Any:
    """Return the type of several names at a source, written in any way; none stands twice."""
    key, entry = str(declared.entry), ENTRIES[source_id]
    short = Annotated[entry, BeforeValidator(_written_short(key, declared))]  # type: ignore[valid-type]
    alone = BeforeValidator(_written_alone(key, declared))
    return Annotated[tuple[short, ...], alone, AfterValidator(_require_each_once(key, declared))]


def _field_of(source_id: str, declared: Declared) -> Any:
    """Return the field of a subject that tells what it is called at a source."""
    if declared.entry is None:
        return _spelled(declared) | None, None
    siblings = AfterValidator(_require_siblings(declared.entry))
    return Annotated[several_at(source_id, declared), siblings], ()


if TYPE_CHECKING:

    class Subject(SubjectBase):
        """One compared project, with a field for each source."""

        def __getattr__(self, source_id: str) -> Any: ...

else:
    Subject = create_model(
        "Subject",
        __base__=SubjectBase,
        __doc__=SubjectBase.__doc__,
        **{
            source_id: _field_of(source_id, source.identifier)
            for source_id, source in catalog().naming.items()
        },
    )
