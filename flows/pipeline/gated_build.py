"""Building what can be published: what cannot be believed is left out, on record, and all is built again."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from flows.pipeline.gate import Gate, last_publication
from warehouse.archive.quarantine import Entry, Place, add_entries, believed_files
from warehouse.archive.write import name_of
from warehouse.build.buckets.spread import Workers, built_by
from warehouse.build.checks import Check
from warehouse.build.dbt import build_models
from warehouse.build.load import Withheld, forget_work, load, open_work
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings

logger = logging.getLogger("barometer")


def build_within_gate(
    settings: Settings, ecosystem: Ecosystem, *, with_tests: bool = True, workers: Workers | None = None
) -> tuple[Sequence[Check], list[str]]:
    """Build until no check fails that must not; return what was checked, and why what is held back.

    The work database, which is loaded, then holds what can be published. What is keyed by one name is built
    by `workers` where there are any. Raises GateClosed where a failure stays whatever is held back.
    """
    elsewhere = partial(built_by, workers, settings) if workers else None
    models = partial(build_models, settings, with_tests=with_tests, build_elsewhere=elsewhere)
    found: dict[str, Check] = {}

    def believed(checks: Sequence[Check], withheld: Sequence[Withheld]) -> Sequence[Check]:
        """Take out what alone is to blame for a failure, until there is nothing of that kind."""
        while entries := _not_believed(checks):
            found.update((check.check_id, check) for check in checks if _is_their_fault(check))
            add_entries(settings.archive, entries)
            for entry in entries:
                logger.warning("quarantined %s; `barometer quarantine --undo` takes it in again", entry)
            checks = _build(withheld, settings, ecosystem, models)
        return checks

    checks = believed(models(), ())
    if not any(check.blocks for check in checks):
        return _with(found, checks), [str(check) for check in found.values()]
    published = last_publication(settings)

    def again(withheld: Sequence[Withheld]) -> Sequence[Check]:
        return believed(_build(withheld, settings, ecosystem, models), withheld)

    gate = Gate(published, _new_files(settings, ecosystem, published.files), again)
    told = gate.pass_through(checks)
    return _with(found, told), [*map(str, found.values()), *(one.reason for one in gate.held.values())]


def _with(found: Mapping[str, Check], checks: Sequence[Check]) -> Sequence[Check]:
    """Return the checks, with those instead that found what is in quarantine since."""
    return [*found.values(), *(check for check in checks if check.check_id not in found)]


def _is_their_fault(check: Check) -> bool:
    return bool(check.answers) and not check.are_most


def _not_believed(checks: Sequence[Check]) -> list[Entry]:
    reasons: dict[Place, str] = {}
    for check in filter(_is_their_fault, checks):
        why = f"{check.check_id}: {check.detail}"
        reasons |= {place: why for place in check.answers if place not in reasons}
    said_at = datetime.now(UTC)
    return [Entry(place, why, said_at, "the gate") for place, why in reasons.items()]


def _new_files(
    settings: Settings, ecosystem: Ecosystem, published: Mapping[str, Collection[str]]
) -> Mapping[str, Sequence[str]]:
    """Return the archive files that were not published, by source, of those that have any."""
    found: dict[str, list[str]] = {}
    for file in believed_files(settings.archive):
        source_id, name = file.parent.name, name_of(file)
        if source_id in ecosystem.sources and name not in published.get(source_id, ()):
            found.setdefault(source_id, []).append(name)
    return found


def _build(
    withheld: Sequence[Withheld],
    settings: Settings,
    ecosystem: Ecosystem,
    models: Callable[[Collection[str]], list[Check]],
) -> list[Check]:
    forget_work(settings)
    with open_work(settings) as connection:
        load(connection, settings, ecosystem, withheld)
    unchecked = {one.source_id for one in withheld if not one.is_checked}
    return models(unchecked)
