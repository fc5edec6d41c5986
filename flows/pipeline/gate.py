"""What stays in the place of answers that a check withholds: what was published of their source before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from warehouse.archive.write import archived_files, name_of, started_at
from warehouse.build.checks import Check
from warehouse.build.load import Withheld
from warehouse.config.settings import Settings
from warehouse.errors import GateClosed
from warehouse.published.open import Published, open_published

IDENTIFIERS = (
    "select subject_id, source_id, identifier, valid_from, valid_until, within from identifiers order by all"
)
MOST_NAMED = 3

# Builds anew with what is held back of the sources, and says what was checked.
Build = Callable[[Sequence[Withheld]], Sequence[Check]]


@dataclass(frozen=True)
class LastPublication:
    """What the published file was built from: archive files by source, and identifiers if it tells them."""

    files: Mapping[str, frozenset[str]]
    identifiers: Sequence[Sequence[object]] | None

    def identifiers_of(self, source_id: str) -> Sequence[Sequence[object]] | None:
        """Return a source's rows of `raw.identifiers`; None where the file does not tell any."""
        return self.identifiers and [row for row in self.identifiers if row[1] == source_id]


def last_publication(settings: Settings) -> LastPublication:
    """Return what the published file was built from; nothing where there is none."""
    if not settings.published_file.exists():
        return LastPublication({}, None)
    with open_published(settings.published_file) as published:
        tables = published.tables()
        return LastPublication(
            _files(published) if "source_attempts" in tables else _files_by_time(published, settings),
            published.query(IDENTIFIERS)[1] if "identifiers" in tables else None,
        )


def _files(published: Published) -> Mapping[str, frozenset[str]]:
    rows = published.rows("select source_id, list(archive_file) as files from source_attempts group by all")
    return {row["source_id"]: frozenset(row["files"]) for row in rows}


def _files_by_time(published: Published, settings: Settings) -> Mapping[str, frozenset[str]]:
    """Return the files of before a source's last attempt, for a published file that does not name them."""
    rows = published.rows("select source_id, last_attempt_at from source_status")
    until = {row["source_id"]: row["last_attempt_at"] for row in rows if row["last_attempt_at"]}
    found: dict[str, set[str]] = {}
    for file in archived_files(settings.archive):
        source_id = file.parent.name
        if source_id in until and started_at(file) <= until[source_id]:
            found.setdefault(source_id, set()).add(name_of(file))
    return {source_id: frozenset(names) for source_id, names in found.items()}


def next_less(source_id: str, reason: str, before: Withheld | None, published: LastPublication) -> Withheld:
    """Return what is read of a source that failed: less than `before`, which has just failed as well."""
    if before is None:
        return Withheld(source_id, published.files.get(source_id, frozenset()), reason)
    if before.is_checked and before.files:
        return replace(
            before, reason=reason, is_checked=False, identifiers=published.identifiers_of(source_id)
        )
    if before.files:
        return replace(before, reason=reason, is_checked=True, files=frozenset(), identifiers=None)
    raise GateClosed(reason)


class Gate:
    """Builds until nothing fails, holding back of each source as little as that takes.

    Each source goes down steps of its own: its newest answers, then the checks of what was published of it.
    To the last one, at which nothing of it is left, it goes only where it fails with all other sources at
    what was published of them: a failure can be another's doing, and one that was hidden is no reason. So is
    found too whose newest answers are to blame for a failure that concerns no single source.
    """

    def __init__(self, published: LastPublication, new: Mapping[str, Sequence[str]], build: Build) -> None:
        """Begin with nothing held back; `new` are the archive files, by source, that were not published."""
        self.held: dict[str, Withheld] = {}
        self._published = published
        self._new = new
        self._build = build
        self._suspects: list[str] = []
        self._told: dict[str, Check] = {}

    def pass_through(self, checks: Sequence[Check]) -> Sequence[Check]:
        """Return what was checked of all, in the order in which it failed or passed first.

        `checks` are those of the build with all answers. Raises GateClosed where a failure stays whatever is
        held back.
        """
        failures = self._note(checks)
        while failures:
            failures = self._hold_more(failures)
        self._give_back()
        # What concerned no source and is over has no result of its own where it was a model.
        return [one for one in self._told.values() if one.source_id or not one.blocks]

    def _hold_more(self, failures: Sequence[Check]) -> Sequence[Check]:
        own = {one.source_id: str(one) for one in reversed(failures) if one.source_id}
        others = [source_id for source_id in self._new if source_id not in {*self.held, *own}]
        shared = "; ".join(str(one) for one in failures if one.source_id is None)
        last_step = [source_id for source_id in own if self._is_at_last(source_id)]
        if (shared or last_step) and others:
            reason = shared or "; ".join(own[source_id] for source_id in last_step)
            self._suspects += [*others, *last_step]
            for source_id in others:
                self.held[source_id] = next_less(source_id, reason, None, self._published)
            return self._again()
        if shared:
            raise GateClosed(f"dbt build: {shared}")
        for source_id, reason in own.items():
            self.held[source_id] = next_less(source_id, reason, self.held.get(source_id), self._published)
        return self._again()

    def _is_at_last(self, source_id: str) -> bool:
        held = self.held.get(source_id)
        return held is not None and not held.is_checked

    def _give_back(self) -> None:
        """Give each source that was held back on suspicion its newest answers again, unless that fails."""
        is_built = True
        for source_id in dict.fromkeys(self._suspects):
            kept = self.held.pop(source_id)
            failures = [one for one in self._build(list(self.held.values())) if one.blocks]
            is_built = not failures
            if failures:
                self.held[source_id] = replace(kept, reason=self._blame(source_id, failures))
        if not is_built:
            self._again()

    def _blame(self, source_id: str, failures: Sequence[Check]) -> str:
        files = self._new.get(source_id, ())
        more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
        named = ", ".join(files[:MOST_NAMED]) + more
        found = f"{failures[0]}; without its newest answers ({named}) nothing fails"
        for one in failures:
            self._told[one.check_id] = replace(one, source_id=source_id, detail=found.partition(": ")[2])
        return found

    def _again(self) -> Sequence[Check]:
        return self._note(self._build(list(self.held.values())))

    def _note(self, checks: Sequence[Check]) -> Sequence[Check]:
        """Keep the first result of each check, or the first with which it failed; return those that block.

        What concerns no source fails only as long as something is held too little.
        """
        for check in checks:
            before = self._told.get(check.check_id)
            if before is None or before.source_id is None or (before.passed and not check.passed):
                self._told[check.check_id] = check
        return [check for check in checks if check.blocks]
