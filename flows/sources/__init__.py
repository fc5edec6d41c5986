"""Where the figures come from: one folder per source, found by its name.

`collect` lists a source's questions and asks them; it does not interpret, and holds what `Source` names. What
an answer must be to be believed stands in `answers` or beside it, what its identifiers are in `identify`
where that can be confirmed, and what stands in for it in the demo in `demo`.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from warehouse.config.declared import declared_ids

if TYPE_CHECKING:  # who only wants to know which sources there are need not wait for what asks them
    from flows.client.request import Question
    from flows.client.service import Service
    from flows.standin.clock import Clock, StandIn
    from warehouse.archive.write import LastAnswers
    from warehouse.config.settings import Settings
    from warehouse.config.subject import Called


class Source(Protocol):
    """What `collect` of every source offers."""

    def services(self, settings: "Settings") -> "Sequence[Service]":
        """Return the hosts that it asks, if any; names are verified at the first one."""

    def questions(
        self, called: "Sequence[Called]", settings: "Settings", known: "LastAnswers"
    ) -> "Iterator[Question]":
        """Yield every question there is about the subjects, due or not, the most urgent first.

        Where the declaration says that tools have names there, too, the tools come behind the subjects.
        `known` tells, where a source does not, into how many parts an answer is divided.
        """


class Demo(Protocol):
    """What `demo` of every source offers.

    Beside it, PASSING names the endpoint of what is shown on one day alone, if there is any, and HAS_ENDED
    says that its figures end before the demo's present.
    """

    def stand_ins(self, clock: "Clock") -> "Sequence[StandIn]":
        """Return what answers in the place of its services."""


def source_ids() -> tuple[str, ...]:
    """Return the name of every source there is."""
    return declared_ids()


def load_source(source_id: str) -> Source:
    """Return what a source collects."""
    return cast(Source, import_module(f"{__name__}.{source_id}.collect"))


def load_demo(source_id: str) -> Demo:
    """Return what stands in for a source in the demo."""
    return cast(Demo, import_module(f"{__name__}.{source_id}.demo"))


def command_module(source_id: str) -> str:
    """Name the module that names, as COMMANDS, what a source adds to the command line; most have none."""
    return f"{__name__}.{source_id}.command"


def services_of(source_ids: Iterable[str], settings: "Settings") -> "list[Service]":
    """Return every service of some sources, in their order."""
    return [service for source_id in source_ids for service in load_source(source_id).services(settings)]
