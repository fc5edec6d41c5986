"""What stays in the place of answers that a check withholds: what was published of their source before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from warehouse.archive import archived_files, name_of, started_at
from warehouse.build import build_models
from warehouse.checks import Check, blocked_sources
from warehouse.ecosystem import Ecosystem
from warehouse.errors import GateClosed
from warehouse.published import Published, open_published
from warehouse.settings import Settings
from warehouse.work import Withheld, forget_work, load, open_work

IDENTIFIERS = (
    "select subject_id, source_id, identifier, valid_from, valid_until, within from identifiers order by all"
)


@dataclass(frozen=True)
class LastPublication:
    """What the published file was built from: archive files by source, and identifiers if it tells them."""

    files: Mapping[str, frozenset[str]]
    identifiers: Sequence[Sequence[object]] | None

    def identifiers_of(self, source_id: str) -> Sequence[Sequence[object]] | None:
        """Return a source's rows of `raw.identifiers`; None where the file does not tell any."""
        return self.identifiers and [row for row in self.identifiers if row[1] == source_id]


def build_as_published(
    blocked: Mapping[str, str], settings: Settings, ecosystem: Ecosystem
) -> Sequence[Check]:
    """Build with the blocked sources as they were published last; return what was checked then.

    `blocked` tells why, by source. Whatever is withheld, what was published before stays: where today's
    checks find fault with that too, because they are new or stricter, it is built without them. A source that
    was never published, or of which even that cannot be built, is left out. Raises GateClosed where that
    fails as well.
    """
    published, withheld = last_publication(settings), dict[str, Withheld]()
    while True:
        for source_id, reason in blocked.items():
            withheld[source_id] = next_less(source_id, reason, withheld.get(source_id), published)
        checks = _build(list(withheld.values()), settings, ecosystem)
        blocked = blocked_sources(checks)
        if not blocked:
            return checks


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


def _build(withheld: Sequence[Withheld], settings: Settings, ecosystem: Ecosystem) -> list[Check]:
    forget_work(settings)
    with open_work(settings) as connection:
        load(connection, settings, ecosystem, withheld)
    return build_models(settings, {one.source_id for one in withheld if not one.is_checked})
