"""The published tables of days, which tell them in a column `day`: what years are as they were stays.

They are written by years, and within one sorted by all columns. From the first year on of which anything has
changed all is written anew. So the rows of a file that is kept lie as in one that is made from nothing.
"""

from collections.abc import Mapping, Sequence

import duckdb

TABLES = """
select table_name, list((column_name, data_type) order by column_index)
from duckdb_columns() where ? in (database_name, schema_name)
group by all having bool_or(column_name = 'day' and data_type = 'DATE')
"""

# Of another row the digest is another, but for one in 2^64.
FIRST_CHANGED = """
with published as (
    select year(day) as year, count(*) as rows, sum(hash({columns})) as digest from {target} group by all
),
marts as (
    select year(day) as year, count(*) as rows, sum(hash({columns})) as digest from {mart} group by all
)
select min(year) from published full outer join marts using (year)
where (published.rows, published.digest) is distinct from (marts.rows, marts.digest)
"""

Columns = Mapping[str, Sequence[tuple[str, str]]]


def tables_of_days(connection: duckdb.DuckDBPyConnection, where: str = "marts") -> Columns:
    """Return the columns of each table of days, in the schema of the marts or in the attached file."""
    return dict(connection.execute(TABLES, [where]).fetchall())


def order_of(table: str, of_days: Columns) -> str:
    """Return in which order a mart's rows are published: always one, so that equal marts make equal files."""
    return f"year(day), {_names(of_days[table])}" if table in of_days else "all"


def renew_days(connection: duckdb.DuckDBPyConnection, of_days: Columns) -> list[str]:
    """Make the attached file's tables of days those of the marts; return which ones are.

    One that has other columns than before is left, to be written anew. To be called in a transaction.
    """
    published = tables_of_days(connection, "published")
    same = [table for table, columns in of_days.items() if published.get(table) == columns]
    for table in same:
        target, mart = f'published.main."{table}"', f'marts."{table}"'
        names = {"target": target, "mart": mart, "columns": _names(of_days[table])}
        ((year,),) = connection.execute(FIRST_CHANGED.format(**names)).fetchall()
        if year is not None:
            changed = f"day >= date '{year}-01-01'"
            connection.execute(f"delete from {target} where {changed}")
            order = order_of(table, of_days)
            connection.execute(f"insert into {target} from {mart} where {changed} order by {order}")
    return same


def _names(columns: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f'"{name}"' for name, _ in columns)
