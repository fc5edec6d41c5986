"""The published file answers questions and nothing else: it cannot be changed, and nothing beside it seen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from warehouse.errors import ConfigurationError
from warehouse.published.open import Published, open_published
from warehouse.published.row_files import FileFormat

ATTACKS = (
    "attach '{folder}/other.duckdb'",
    "attach ':memory:' as other",
    "copy numbers to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "export database '{folder}/out'",
    "from '{folder}/secret.csv'",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from glob('/etc/*')",
    "from read_parquet('http://127.0.0.1:9/x.parquet')",
    "install httpfs",
    "load httpfs",
    "load '{folder}/evil.duckdb_extension'",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "set python_enable_replacements = true",
    "set log_query_path = '{folder}/out.log'",
    "pragma profiling_output = '{folder}/out.json'",
    "call enable_logging(storage = 'file', storage_config = {{'path': '{folder}/out'}})",
    "set temp_directory = '{folder}/out'",
    "create secret stolen (type s3)",
    "create table other as select 1",
    "create or replace macro twice(x) as x",
    "drop table numbers",
    "insert into numbers values (2)",
    "update numbers set n = 2",
    "delete from numbers",
    "alter table numbers add column m integer",
    "comment on table numbers is 'mine'",
    "from of_this_program",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A published file with one table and one macro, and a file beside it that is nobody's business."""
    with duckdb.connect(tmp_path / "barometer.duckdb") as connection:
        connection.execute("create table numbers as select 1 as n, '=1+1' as text, -1.5 as minus")
        connection.execute("create macro twice(x) as 2 * x")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    return tmp_path / "barometer.duckdb"


@pytest.fixture
def published(file: Path) -> Iterator[Published]:
    """That file, open."""
    with open_published(file) as opened:
        yield opened


def test_what_is_read_leaves_half_of_what_duckdb_would_take(published: Published):
    """The report of ten thousand subjects was ended where the machine had 2 GB: the rest is Python's."""
    with duckdb.connect() as alone:
        ((alone_limit,),) = alone.execute("select current_setting('memory_limit')").fetchall()
        alone.execute("set memory_limit = '40%'")
        ((expected,),) = alone.execute("select current_setting('memory_limit')").fetchall()

    (row,) = published.rows("select current_setting('memory_limit') as told")
    assert row["told"] == expected != alone_limit


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_statement_writes_or_sees_anything_else(attack: str, published: Published, file: Path):
    """Each is refused with the engine's reason; no file appears, and the published one stays as it was."""
    of_this_program = pd.DataFrame({"a": [1]})
    before, files = file.read_bytes(), sorted(file.parent.iterdir())

    with pytest.raises(ConfigurationError, match=r"^sql: .+ Error: "):
        published.query(attack.format(folder=file.parent))
    assert published.query("select n from numbers") == (["n"], [(1,)])
    assert file.read_bytes() == before and sorted(file.parent.iterdir()) == files
    assert len(of_this_program) == 1


@pytest.mark.parametrize(
    "attack", ["from '{folder}/secret.csv'", "from of_this_program", "drop table numbers"]
)
def test_saving_is_as_shut_off_as_asking(attack: str, published: Published, file: Path):
    """What writes the file sees only the rows, so nothing of the query runs outside."""
    with pytest.raises(ConfigurationError, match=r"^sql: .+ Error: "):
        published.save(attack.format(folder=file.parent), file.parent / "out.csv", FileFormat.CSV)
    assert not (file.parent / "out.csv").exists()


def test_an_error_keeps_its_caret_and_tells_what_there_is(published: Published):
    """The engine's message stands as it came; of an unknown name the known ones are told."""
    with pytest.raises(ConfigurationError) as unknown:
        published.query("select n\nfrom number")
    assert str(unknown.value) == (
        'sql: Catalog Error: Table with name number does not exist!\nDid you mean "numbers"?\n\n'
        "LINE 2: from number\n             ^^^^^^\n\n"
        "The published tables are numbers; macros are twice."
    )
    with pytest.raises(ConfigurationError, match=r'(?s)Parser Error.*"selec".*LINE 1: selec 1\n +\^'):
        published.query("selec 1")


@pytest.mark.parametrize("nothing", ["", " ;", "-- only a comment"])
def test_no_query_is_told(nothing: str, published: Published):
    """An empty text is wrong usage, not an empty answer."""
    with pytest.raises(ConfigurationError, match="sql: found nothing to answer, expected a query"):
        published.query(nothing)


@pytest.mark.parametrize("several", ["select 1; select 2", "from numbers;\nset variable a = 1; from numbers"])
def test_no_answer_is_left_out_silently(several: str, published: Published, tmp_path: Path):
    """Only the last one's rows would be shown; what sets something before it is no question."""
    refused = r"sql: found \d statements, expected one query, the last"
    with pytest.raises(ConfigurationError, match=refused):
        published.query(several)
    with pytest.raises(ConfigurationError, match=refused):
        published.save(several, tmp_path / "out.csv", FileFormat.CSV)
    assert published.query("set variable a = 1; select getvariable('a') as a;") == (["a"], [(1,)])


def test_variables_are_values_and_never_sql(published: Published):
    """What a variable holds is bound, not written into the query."""
    published.set_variables({"name": "'; drop table numbers --"})

    assert published.query("select getvariable('name') as name, n from numbers") == (
        ["name", "n"],
        [("'; drop table numbers --", 1)],
    )


SAVED = "select *, null::integer as unknown, date '2025-03-01' as day, sum(n) over () as total from numbers"


def test_csv_is_safe_in_a_spreadsheet(published: Published, tmp_path: Path):
    """A text that would be a formula gets an apostrophe in front; a negative number stays a number."""
    published.save(SAVED, tmp_path / "out.csv", FileFormat.CSV)

    assert (tmp_path / "out.csv").read_text() == (
        "n,text,minus,unknown,day,total\n1,'=1+1,-1.5,,2025-03-01,1\n"
    )


def test_parquet_and_json_keep_every_value(published: Published, tmp_path: Path):
    """Types and texts come back as they were, and equal rows make equal bytes."""
    for name in ("one.parquet", "two.parquet"):
        published.save(SAVED, tmp_path / name, FileFormat.PARQUET)
    published.save("select n, text from numbers", tmp_path / "out.json", FileFormat.JSON)

    with duckdb.connect() as reader:
        read = reader.execute(f"from '{tmp_path}/one.parquet'")
        types = [str(column[1]) for column in read.description]
        rows = read.fetchall()
    assert types == ["INTEGER", "VARCHAR", "DECIMAL(2,1)", "INTEGER", "DATE", "DECIMAL(38,0)"]
    assert rows == [(1, "=1+1", Decimal("-1.5"), None, date(2025, 3, 1), Decimal(1))]
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert (tmp_path / "out.json").read_text() == '[\n\t{"n":1,"text":"=1+1"}\n]\n'
