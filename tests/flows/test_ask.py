"""`barometer sql` as a user has it: where the query comes from, how the rows go out, what is refused."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

TABLE = """
create table numbers as select i as n, 'text ' || i as told from range(1, 4) as t(i);
"""


@pytest.fixture
def ask(barometer, tmp_path: Path):
    """`barometer sql` on a published file with one small table."""
    (tmp_path / "data").mkdir()
    with duckdb.connect(tmp_path / "data" / "barometer.duckdb") as connection:
        connection.execute(TABLE)
    return lambda *arguments, **changes: barometer("sql", *arguments, **changes)


def assert_refused(done, *words: str) -> None:
    """The command ended with exit code 2 and one message that has these words, and no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("barometer: sql") and "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_a_query_comes_from_an_argument_a_file_or_standard_input(ask, barometer, tmp_path):
    """All three give the same rows."""
    query = "select sum(n) as total from numbers"
    (tmp_path / "query.sql").write_text(f"-- A comment.\n{query};\n")
    piped = subprocess.run(
        [sys.executable, "-m", "flows", "sql", "-", "--format", "csv"],
        input=query,
        env=barometer.environment,
        text=True,
        capture_output=True,
        check=True,
    )

    assert ask(query, "--format", "csv").stdout == "total\n6\n" == piped.stdout
    assert ask("--file", str(tmp_path / "query.sql"), "--format", "csv").stdout == "total\n6\n"


def test_each_format_has_the_rows(ask, tmp_path):
    """Table, CSV, JSON and Markdown go to standard output, and any of them and Parquet to a file."""
    query = "from numbers where n < 3"
    assert ask(query).stdout.splitlines()[2].split() == ["1", "text", "1"]
    assert ask(query, "--format", "csv").stdout == "n,told\n1,text 1\n2,text 2\n"
    assert json.loads(ask(query, "--format", "json").stdout) == [
        {"n": 1, "told": "text 1"},
        {"n": 2, "told": "text 2"},
    ]
    markdown = "| n | told |\n| ---: | --- |\n| 1 | text 1 |\n| 2 | text 2 |\n"
    assert ask(query, "--format", "markdown").stdout == markdown
    for name in ("out.md", "out.parquet"):
        assert ask(query, "--output", str(tmp_path / name)).returncode == 0
    assert (tmp_path / "out.md").read_text() == markdown
    with duckdb.connect() as reader:
        assert reader.execute(f"from '{tmp_path}/out.parquet'").fetchall() == [(1, "text 1"), (2, "text 2")]


def test_a_file_is_whole_or_as_it_was(ask, tmp_path):
    """A query that fails in the middle leaves the last file, and nothing half-written beside it."""
    (tmp_path / "out").mkdir()
    written = tmp_path / "out" / "numbers.csv"
    written.write_text("the last one\n")

    failing = "select case when n = 3 then error('in the middle') else n end as n from numbers"
    assert_refused(ask(failing, "--output", str(written)), "in the middle")
    assert [file.read_text() for file in written.parent.iterdir()] == ["the last one\n"]

    assert ask("select n from numbers", "--output", str(written)).returncode == 0
    assert [file.read_text() for file in written.parent.iterdir()] == ["n\n1\n2\n3\n"]


def test_barometers_own_files_are_not_replaced(ask, tmp_path):
    """Neither the published file, nor by another name, nor anything else in the data folder."""
    published = tmp_path / "data" / "barometer.duckdb"
    before = published.read_bytes()
    (tmp_path / "link.duckdb").symlink_to(published)
    for name in (published, tmp_path / "link.duckdb", tmp_path / "data" / "new.csv"):
        assert_refused(ask("from numbers", "--output", str(name)), "expected a file outside of")
    assert published.read_bytes() == before and not (tmp_path / "data" / "new.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("found 0 queries, expected one",)),
        (("select 1", "--saved", "gaps"), ("found 2 queries, expected one",)),
        (("select 1", "--format", "parquet"), ("found no --output",)),
        (("--file", "nowhere.sql"), ("sql --file: nowhere.sql: ", "expected a file with a query")),
        (("select 1", "--output", "/nowhere/x.csv"), ("/nowhere/x.csv: No such file or directory",)),
        (("--saved", "leader_now"), ("found leader_now, expected one of leaders_now",)),
        (("select 1", "--param", "days"), ("found days, expected NAME=VALUE",)),
        (
            ("--saved", "year_on_year", "--param", "day=1"),
            ("found day, expected one of: metric",),
        ),
        (("from number",), ('Did you mean "numbers"?', "^^^^^^", "The published tables are numbers")),
        (("",), ("found nothing to answer",)),
        (("drop table numbers",), ("read-only",)),
        (("from read_csv('/etc/passwd')",), ("Permission Error",)),
    ],
)
def test_wrong_usage_is_told(ask, arguments, words):
    """Exit code 2, what was found and what was expected."""
    assert_refused(ask(*arguments), *words)


def test_a_parameter_is_what_getvariable_tells(ask):
    """In any query, and as a value: no quote in it ends anything."""
    done = ask("select getvariable('name') as name", "--param", "name=it's; x=1", "--format", "csv")

    assert done.stdout == "name\nit's; x=1\n"


def test_the_saved_queries_are_listed_with_their_questions(barometer):
    """Also where nothing has been published yet."""
    done = barometer("sql", "--list")

    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("year_on_year")]
    assert "How does each period compare with the one a year before" in line
    assert line.rstrip().endswith("metric=pypi_downloads")


def test_a_reader_that_has_seen_enough_ends_it_quietly(ask, barometer):
    """As `head` does: no traceback, no message."""
    command = f"{sys.executable} -m flows sql 'from range(200000)' --format csv | head -1"
    done = subprocess.run(
        command, shell=True, env=barometer.environment, text=True, capture_output=True, check=True
    )

    assert (done.stdout, done.stderr) == ("range\n", "")


def on_a_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What a command writes to a terminal of 60 columns and 20 lines."""
    master, slave = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "flows", "sql", *arguments],
        env=environment | {"COLUMNS": "60", "LINES": "20", "TERM": "xterm"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    written = b""
    try:
        while chunk := os.read(master, 4096):
            written += chunk
    except OSError:  # how a terminal says that nobody writes any more
        pass
    os.close(master)
    assert running.wait(timeout=60) == 0, written
    return written.decode()


def test_on_a_terminal_a_long_result_is_paged_and_a_short_one_is_not(ask, barometer, tmp_path):
    """The pager gets every row; --no-pager, or a result that fits, goes straight out."""
    paged = tmp_path / "paged"
    environment = barometer.environment | {"PAGER": f"tee {paged} | tail -1"}

    assert "29" in on_a_terminal(environment, "from range(30)")
    assert paged.read_text().count("\n") == 32
    paged.unlink()
    for arguments in (("from range(3)",), ("from range(30)", "--no-pager")):
        assert " 0" in on_a_terminal(environment, *arguments)
    assert not paged.exists()


def test_on_a_terminal_a_wide_result_is_not_cut(ask, barometer, tmp_path):
    """In the pager a row is one line; without one it is folded into its column."""
    paged = tmp_path / "paged"
    environment = barometer.environment | {"PAGER": f"cat > {paged}"}
    query = "select repeat('x', 100) as wide"

    on_a_terminal(environment, query)
    assert "x" * 100 in paged.read_text()
    folded = on_a_terminal(environment, query, "--no-pager")
    assert folded.count("x") == 100 and "x" * 61 not in folded


def test_a_terminal_does_not_obey_what_a_source_told(ask, barometer):
    """Whatever the format; what goes to a program is data, as it is."""
    query = "select 'a' || chr(27) || '[31mb' || chr(155) || 'c' as told"
    for form in ("table", "csv", "markdown"):
        seen = on_a_terminal(barometer.environment, query, "--format", form)
        assert "a\ufffd[31mb\ufffdc" in seen and "\x1b[31mb" not in seen
    assert ask(query, "--format", "csv").stdout == "told\na\x1b[31mb\x9bc\n"
