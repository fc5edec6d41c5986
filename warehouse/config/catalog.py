"""The catalogue: what is known of every source that is not code, read from its declaration.

A source is a folder with a `source.toml`; everything that lists sources, services, credentials, identifiers,
expectations, metrics or known events asks here. A declaration that does not fit is an error of its author:
ConfigurationError with file and line, what was found and what was expected.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from warehouse.config.declared import DECLARATION, EVENTS, FOLDER, declared, load, read_declarations
from warehouse.config.metric import Metric, View
from warehouse.config.parts import Bounds, Id, Reason, Strict, Text
from warehouse.config.spelling import KINDS, Spelling
from warehouse.config.toml_errors import describe
from warehouse.errors import ConfigurationError

Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"found {pattern!r}, expected a regular expression: {error}") from error
    return pattern


class Limits(Strict):
    """What a source can tell at all: no day before the first or after tomorrow, and no larger count."""

    first_day: date
    count_below: Annotated[int, Field(gt=0)]
    reason: Reason


class Host(Strict):
    """A host that is asked: its scheme, host and port, which its variable may replace.

    `name` tells it from the others of its source; `probe` is the path that `doctor` asks, `tells_time`
    whether its clock is compared with ours.
    """

    url: Text
    name: str | None = None
    probe: str = "/"
    tells_time: bool = False


class Rate(Strict):
    """How many requests are answered in how many seconds before all others are refused."""

    requests: Annotated[int, Field(gt=0)]
    seconds: Annotated[int, Field(gt=0)]


class Asker(Strict):
    """How much is answered to who does not say who asks, and to who does.

    Where it is `needed` nothing is answered without, so nothing is asked.
    """

    needed: bool = False
    without: Rate | None = None
    given: Rate | None = Field(default=None, alias="with")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.without is None) != (self.given is None):
            raise ValueError("found one of without and with, expected both or none")
        if self.needed and self.without:
            raise ValueError("found needed and without, expected one of them")
        return self


class Credential(Asker):
    """A variable of the environment that a source is told: a secret, or with `is_name` a name.

    `default` is told where nothing is set. With `same_as` it is the credential of another source, which
    declares it; what is answered to who has it is its own.
    """

    same_as: Id | None = None
    help: Text
    default: str | None = None
    is_name: bool = False


class Contact(Asker):
    """By which name a source goes that answers more, or at all, to who can be reached, and how much."""

    name: Text


class Identifier(Strict):
    """How a subject is called at a source.

    `kind` says how a text in another spelling is read, `hosts` in whose addresses. With `entry` a subject may
    have several, each with the days on which it counts, `within` one another where that is allowed; `many`
    are written as a list. One question may be about all of them `together`. Where `tools` is true, tools
    around the subjects have names here, too. With `same_as` all of that is as another source declares it, and
    a subject is called here what it is called there.
    """

    same_as: Id | None = None
    kind: Literal[*KINDS]  # type: ignore[valid-type]
    help: Text
    example: Text
    expected: Text | None = None
    pattern: Annotated[str, AfterValidator(_compiles)] | None = None
    hosts: tuple[str, ...] = ()
    entry: Id | None = None
    entries: str | None = None
    many: bool = False
    within: bool = False
    together: bool = False
    tools: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> "Identifier":
        if (self.expected is None) != (self.pattern is None):
            raise ValueError("found one of expected and pattern, expected both or none")
        if self.entry is None and (self.entries or self.many or self.within or self.tools):
            found = "found entries, many, within or tools without entry"
            raise ValueError(f"{found}, expected what an entry is called")
        return self

    @property
    def spelling(self) -> Spelling | None:
        """How it is spelled; None where any words will do."""
        if self.pattern is None or self.expected is None:
            return None
        return Spelling(self.expected, re.compile(self.pattern), KINDS[self.kind](self.hosts))


class Turns(Strict):
    """Of how many names each is asked about less often than of a few, and how much older figures are then."""

    more_than: Annotated[int, Field(gt=0)]
    lag_days: Annotated[int, Field(ge=0, le=400)]
    reason: Reason


class Expected(Bounds):
    """The least that a source must tell to be believed, of a quantity that SQL measures."""

    quantity: Text


class KnownEvent(Strict):
    """A reviewed break, fault or event: of one metric of a source, perhaps of one subject, or of none."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    subject: Id | None = None
    metric: Id | None = None
    occurred_on: date
    ended_on: date | None = None
    kind: Literal["series break", "measuring fault", "known gap", "package split", "outside event"]
    title: Text
    url: Annotated[str, Field(pattern=r"^https?://")]

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.ended_on and self.ended_on < self.occurred_on:
            raise ValueError(f"found {self.ended_on}, expected a day not before {self.occurred_on}")
        return self


class Register(Strict):
    """Events that concern no source alone."""

    events: tuple[KnownEvent, ...] = ()


class Source(Strict):
    """A source as it is declared; `id` is the name of its folder, `programs` are what it is asked with.

    One that has `ended_on` a day tells of none after it, and is never late for that. One without services is
    asked nothing: its figures come with the program.
    """

    id: Id
    name: Text
    order: int
    terms: Text
    expected_lag_days: Annotated[int, Field(ge=0, le=400)]
    ended_on: date | None = None
    bounds: Limits
    services: dict[Variable, Host] = Field(default_factory=dict)
    credentials: dict[Variable, Credential] = Field(default_factory=dict)
    contact: Contact | None = None
    programs: tuple[Text, ...] = ()
    identifier: Identifier
    turns: Turns | None = None
    expectations: dict[Id, Expected] = Field(default_factory=dict)
    metrics: Annotated[tuple[Metric, ...], Field(min_length=1)]
    events: tuple[KnownEvent, ...] = ()

    def takes_turns(self, names: Collection[str]) -> bool:
        """Whether these are so many that not each of them is asked about as often as a few are."""
        return self.turns is not None and len(names) > self.turns.more_than

    def lag_days_of(self, names: Collection[str]) -> int:
        """Return how old the newest complete period of these names may be."""
        more = self.turns.lag_days if self.turns and self.takes_turns(names) else 0
        return self.expected_lag_days + more

    @model_validator(mode="after")
    def _speaks_of_its_metrics(self) -> "Source":
        own = {metric.id for metric in self.metrics}
        if strange := sorted({str(event.metric) for event in self.events} - own):
            raise ValueError(f"found events of {', '.join(strange)}, expected metrics of this source")
        named = {metric.beside for metric in self.metrics}
        named |= {view.of for metric in self.metrics for view in metric.views}
        if strange := sorted(name for name in named - own if name):
            raise ValueError(f"found {', '.join(strange)} named by a metric, expected metrics of this source")
        return self


# Whose keys stand in the tables under which key, to name them where one is unknown.
OWNERS: Mapping[str, type[BaseModel]] = {
    "": Source,
    "bounds": Limits,
    "services": Host,
    "credentials": Credential,
    "contact": Contact,
    "without": Rate,
    "with": Rate,
    "identifier": Identifier,
    "turns": Turns,
    "expectations": Expected,
    "metrics": Metric,
    "views": View,
    "events": KnownEvent,
}


class Catalog(Mapping[str, Source]):
    """Every source by its id, in the order in which they are listed, and the events of no source alone."""

    def __init__(self, sources: Sequence[Source], events: Sequence[KnownEvent] = ()) -> None:
        self.events = tuple(events)
        self._sources = {source.id: source for source in sorted(sources, key=lambda one: (one.order, one.id))}

    def __getitem__(self, source_id: str) -> Source:
        return self._sources[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    @cached_property
    def naming(self) -> Mapping[str, Source]:
        """The sources that have names of their own for subjects, not those of another source."""
        return {source.id: source for source in self.values() if source.identifier.same_as is None}

    @cached_property
    def naming_tools(self) -> Mapping[str, Source]:
        """Those of them at which the tools around the subjects have names, too."""
        return {source_id: source for source_id, source in self.naming.items() if source.identifier.tools}

    @cached_property
    def services(self) -> Mapping[str, Host]:
        """Every host by the variable of its address."""
        return {name: host for source in self.values() for name, host in source.services.items()}

    @cached_property
    def credentials(self) -> Mapping[str, Credential]:
        """Every credential by its variable, as the source declares it whose own it is."""
        told = ((name, one) for source in self.values() for name, one in source.credentials.items())
        return {name: one for name, one in told if one.same_as is None}

    @cached_property
    def measures(self) -> Mapping[str, str]:
        """What the scoreboard calls each of its series, a metric or a view of one, by the series' id."""
        told = {metric.id: metric.headline for metric in self.metrics.values()}
        told |= {view.id: view.headline for metric in self.metrics.values() for view in metric.views}
        return {name: headline for name, headline in told.items() if headline}

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """Every metric by its id."""
        return {metric.id: metric for source in self.values() for metric in source.metrics}


@cache
def catalog() -> Catalog:
    """Return what every source declares; raises ConfigurationError for a declaration that does not fit."""
    return _validated_catalog(FOLDER, declared())


def read_catalog(folder: Path) -> Catalog:
    """Return what the sources of a folder declare.

    Raises ConfigurationError with file and line, what was found and what was expected.
    """
    return _validated_catalog(folder, read_declarations(folder))


def _validated_catalog(folder: Path, told: Mapping[str, Mapping[str, Any]]) -> Catalog:
    files = [folder / source_id / DECLARATION for source_id in told]
    sources = [_validated(file, Source, _whole(file, told)) for file in files]
    named = [name for source in sources for name in source.services]
    named += [name for source in sources for name, one in source.credentials.items() if one.same_as is None]
    metrics = [metric for source in sources for metric in source.metrics]
    named += [metric.id for metric in metrics]
    named += [view.id for metric in metrics for view in metric.views]
    if twice := sorted(name for name, count in Counter(named).items() if count > 1):
        raise ConfigurationError(
            f"{folder}: found {', '.join(twice)} in two declarations, expected one of each"
        )
    events = folder / EVENTS
    return Catalog(sources, _validated(events, Register, load(events)).events)


def declarations() -> list[Path]:
    """Return every file that the catalogue is read from."""
    return [*sorted(FOLDER.glob(f"*/{DECLARATION}")), FOLDER / EVENTS]


# What is said of a credential whoever is told it.
OF_ITSELF = frozenset({"help", "default", "is_name"})

Read = TypeVar("Read", bound=BaseModel)


def _whole(file: Path, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a file declares, with its id, and with what it takes from the declarations of others."""
    own = told[file.parent.name]
    whole = {**own, "id": file.parent.name, **_named(file, told)}
    credentials = own.get("credentials")
    if isinstance(credentials, dict):
        whole["credentials"] = {name: _shared(file, name, one, told) for name, one in credentials.items()}
    return whole


def _shared(file: Path, name: str, own: Any, told: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a credential, with what another source says of it where it is that one's."""
    other = own.get("same_as") if isinstance(own, dict) else None
    if other is None:
        return own
    declared = told.get(other, {}).get("credentials")
    theirs = declared.get(name) if isinstance(declared, dict) else None
    if not isinstance(theirs, dict) or "same_as" in theirs:
        raise ConfigurationError(
            f"{file}: found {name} same_as {other!r}, expected a source that declares it"
        )
    return {**{key: theirs[key] for key in OF_ITSELF & theirs.keys()}, **own}


def _named(file: Path, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the identifier of another source, where one's own is the same; else nothing."""
    declared = told[file.parent.name].get("identifier")
    other = declared.get("same_as") if isinstance(declared, dict) else None
    if other is None:
        return {}
    if isinstance(declared, dict) and len(declared) > 1:
        raise ConfigurationError(f"{file}: found more than same_as in identifier, expected it alone")
    theirs = told.get(other, {}).get("identifier")
    if not isinstance(theirs, dict) or "same_as" in theirs:
        raise ConfigurationError(f"{file}: found same_as {other!r}, expected a source with names of its own")
    return {"identifier": {**theirs, "same_as": other}}


def _validated(file: Path, model: type[Read], told: Mapping[str, Any]) -> Read:
    """Return what a file declares; raises ConfigurationError."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        text = file.read_text(encoding="utf-8")
        mistakes = (describe(mistake, text, OWNERS) for mistake in error.errors())
        raise ConfigurationError("\n".join(f"{file}:{line}: {what}" for line, what in mistakes)) from error
