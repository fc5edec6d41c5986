"""The last whole build, as the work database keeps it: how far it read, what it found, what is new since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import duckdb

from warehouse.build.checks import Check
from warehouse.build.columns import fill
from warehouse.build.in_place import last_file
from warehouse.config.settings import Settings

RECORD = """
insert into raw.built
select distinct
    read_until, (select count(*) from raw.attempts), configuration_sha256, built_at
from intermediate.int_renewed cross join raw.build
"""
# Of this configuration: another one makes other rows of the same answers.
LAST = """
select page_id, attempts, built_at from raw.built
where configuration_sha256 in (select configuration_sha256 from raw.build)
"""
SOURCES_WITH_NEWS = "select distinct source from raw.pages where page_id > $page_id"
# An answer is news where it is not the one that was there, or is of another day than that; and how asking a
# service went, where it went otherwise before. Attempts lie in the order in which they were loaded.
NEWS = """
with answers as (
    select
        page_id, source, endpoint, key, coalesce(same_as, sha256) as told, fetched_at::date as told_on,
        lag((told, told_on)) over (partition by source, endpoint, key order by page_id) as before
    from raw.pages where problem is null and page_id is not null
),
attempts as (
    select
        rowid as place, problem, postponed, service,
        lag((problem, postponed)) over (partition by source, service order by rowid) as before
    from raw.attempts
)
select page_id from answers where page_id > $page_id and (told, told_on) is distinct from before
union all
select place from attempts where place >= $attempts and (problem, postponed) is distinct from before
limit 1
"""


def record_checks(connection: duckdb.DuckDBPyConnection, settings: Settings, checks: Sequence[Check]) -> None:
    """Keep how a whole build's checks went, and how far it read the answers: the next goes on from there.

    The mart of the checks, built before they ran, is filled anew.
    """
    now = settings.clock()
    connection.execute("begin")
    connection.execute("delete from raw.checks")
    fill(connection, "raw.checks", [_row(check, now) for check in checks])
    connection.execute("delete from marts.quality_checks")
    connection.execute("insert into marts.quality_checks by name from raw.checks")
    connection.execute(last_file.WHAT_IS_UNPUBLISHED)
    connection.execute("delete from raw.built")
    connection.execute(RECORD)
    connection.execute("commit")


def kept_checks(connection: duckdb.DuckDBPyConnection) -> list[Check]:
    """Return what the last whole build found, as it is told and of when."""
    rows = connection.execute(
        "select check_id, source_id, severity, passed, failing_rows, detail, checked_at from raw.checks"
    ).fetchall()
    return [replace(Check(*found), checked_at=checked_at) for *found, checked_at in rows]


def sources_with_news(connection: duckdb.DuckDBPyConnection) -> set[str] | None:
    """Return the sources of which answers were loaded since; None where there is no such build."""
    last = connection.execute(LAST).fetchone()
    if last is None:
        return None
    return {source for (source,) in connection.execute(SOURCES_WITH_NEWS, {"page_id": last[0]}).fetchall()}


def without_news(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return when the last whole build was, if a build now would tell nothing else than that; else None.

    It would on another day, by which things have aged; after an answer that is another than before; and where
    asking a service has gone otherwise than before.
    """
    last = connection.execute(LAST).fetchone()
    if last is None:
        return None
    page_id, attempts, built_at = last
    is_new_day = connection.execute("select built_at::date <> $1::date from raw.build", [built_at]).fetchall()
    found = connection.execute(NEWS, {"page_id": page_id, "attempts": attempts}).fetchall()
    return None if found or is_new_day == [(True,)] else built_at


def _row(check: Check, now: datetime) -> tuple[object, ...]:
    return (
        *(check.check_id, check.source_id, check.severity),
        *(check.passed, check.failing_rows, check.told, check.checked_at or now),
    )
