"""What the archive knows and the configuration does not ask for, as after a restore without it."""

from collections.abc import Mapping, Sequence

import duckdb

from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings

# A key is what was asked about, and which part of its answer: a page, a day or a month. What has no name is
# of a whole site, and one question may be about several at once.
ASKED_ABOUT = """
select distinct source, regexp_replace(key, '(^| )[0-9][0-9-]*$', '') as name
from raw.pages
where not list_contains($together, source) and name <> ''
order by all
"""


def unasked(settings: Settings, ecosystem: Ecosystem) -> Mapping[str, Sequence[str]]:
    """Return the names by source that the archive knows and nothing is called; none while a run writes.

    It is the work database that is asked, so that what has not been loaded is not seen.
    """
    if not settings.work_file.exists():
        return {}
    together = [source_id for source_id, source in catalog().items() if source.identifier.together]
    try:
        with duckdb.connect(settings.work_file, read_only=True) as connection:
            found = connection.execute(ASKED_ABOUT, {"together": together}).fetchall()
    except duckdb.Error:
        return {}
    asked = {
        (source_id, name.casefold())
        for source_id in ecosystem.sources
        for one in ecosystem.called
        for name in one.identifiers(source_id)
    }
    names: dict[str, list[str]] = {}
    for source_id, told in found:
        for name in _named(source_id, told):
            if (source_id, name.casefold()) not in asked and name not in names.get(source_id, ()):
                names.setdefault(source_id, []).append(name)
    return names


def _named(source_id: str, told: str) -> list[str]:
    """Return the names of a key: one, or where the source knows none that is spelled so, several."""
    source = catalog().get(source_id)
    spelling = source and source.identifier.spelling
    return told.split(";") if spelling and not spelling.pattern.fullmatch(told) else [told]
