"""The published observations: written by years, so that a further day is told anew without those before.

Within a year they are sorted by metric and subject, as readers ask for them. A row that comes or goes has all
written anew from its year on; one of before that which has changed is changed where it stands. So the rows of
a file that is kept lie as in one that is made from nothing.
"""

from collections.abc import Mapping, Sequence

import duckdb

TABLE = "published.main.observations"
KEY = "subject_id, metric_id, period_start"
ORDER = "year(period_start), metric_id, subject_id, period_start"

CHANGED = """
create or replace temp table changed as
select {key}, old.subject_id is null or new.subject_id is null as came_or_went
from ({old}) as old
full outer join ({new}) as new using ({key})
where old is distinct from new
"""

NEWLY_MARKED = """
insert into changed
select distinct {key}, false from (
    (from intermediate.int_marks except from raw.published_marks)
    union all
    (from raw.published_marks except from intermediate.int_marks)
)
"""

# The days stand in the query as literals, or DuckDB would read all blocks.
REPLACED = """
create or replace temp table replaced as
select * from marts.observations
semi join changed using ({key})
where period_start between date '{first}' and date '{last}'
"""


class RatherAnew(Exception):
    """Most rows of the table, or its columns, are others than before."""


def renew(connection: duckdb.DuckDBPyConnection, metrics: Mapping[str, Sequence[str]]) -> None:
    """Make the attached file's observations those of the marts, where these metrics were told anew.

    They are named by the first day that was. To be called in a transaction. Raises RatherAnew, before
    anything is changed, where writing the whole table takes less.
    """
    if _columns(connection, "published") != (columns := _columns(connection, "marts")):
        raise RatherAnew("other columns")
    old, new = (_told_anew(table, metrics) for table in (TABLE, "marts.observations"))
    connection.execute(CHANGED.format(key=KEY, old=old, new=new))
    year = _one(connection, "select date_trunc('year', min(period_start)) from changed where came_or_went")
    year = year or "infinity"
    connection.execute(NEWLY_MARKED.format(key=KEY))
    earlier = f"from changed where period_start < date '{year}'"
    first, last = (_one(connection, f"select {end}(period_start) {earlier}") for end in ("min", "max"))
    _require_few(connection, year, earlier)
    if first and last:
        connection.execute(REPLACED.format(key=KEY, first=first, last=last))
        connection.execute(_update(columns, first, last))
    connection.execute(f"delete from {TABLE} where period_start >= date '{year}'")
    connection.execute(
        f"insert into {TABLE} from marts.observations where period_start >= date '{year}' order by {ORDER}"
    )


def _told_anew(table: str, metrics: Mapping[str, Sequence[str]]) -> str:
    """Return the query of the rows that may have changed."""
    conditions = [
        f"metric_id in ({', '.join(repr(name) for name in names)}) and period_start >= date '{day}'"
        for day, names in metrics.items()
    ]
    return " union all ".join(f"select * from {table} where {each}" for each in conditions or ["false"])


def _require_few(connection: duckdb.DuckDBPyConnection, year: str, earlier: str) -> None:
    touched, all_rows = connection.execute(
        f"select count(*) filter (period_start >= date '{year}') + (select count(*) {earlier}), count(*) "
        f"from {TABLE}"
    ).fetchall()[0]
    if 2 * touched > all_rows:
        raise RatherAnew(f"{touched:,} of {all_rows:,} rows")


def _update(columns: Sequence[tuple[str, str]], first: str, last: str) -> str:
    told = [name for name, _ in columns if name not in KEY.split(", ")]
    same = " and ".join(f"observations.{name} = replaced.{name}" for name in KEY.split(", "))
    return (
        f"update {TABLE} as observations set {', '.join(f'{name} = replaced.{name}' for name in told)} "
        f"from replaced where {same} and observations.period_start between date '{first}' and date '{last}'"
    )


def _columns(connection: duckdb.DuckDBPyConnection, where: str) -> list[tuple[str, str]]:
    """Return names and types of the table's columns, in the attached file or in the schema of the marts."""
    return connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = 'observations' and ? in (database_name, schema_name) order by column_index",
        [where],
    ).fetchall()


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    value = connection.execute(sql).fetchall()[0][0]
    return None if value is None else str(value)
