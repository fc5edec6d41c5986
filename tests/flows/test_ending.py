"""How commands end, whatever a user, a disk or a reader does: with one line and the documented code."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.commands.service.own_server import require_home
from flows.demo.run import CONFIG
from flows.demo.server import DemoServer
from warehouse.config.settings import PUBLIC_URLS
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
URLS = (*PUBLIC_URLS, "BAROMETER_SITE_URL", "BAROMETER_CONTACT")
LOOP = "loop: Too many levels of symbolic links, expected a path that can be used"
LONG_RUNNING = ("run", "serve", "worker")
# Pages of the engine's, for as long as a test lets it.
ENDLESS = "select sum(a.range * b.range) from range(1000000) a, range(1000000) b"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder of what may stand where a file or a folder is expected."""
    folder = tmp_path / "odd ones\nof every kind"
    folder.mkdir()
    (folder / "file").touch()
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "device").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    here = os.open(".", os.O_RDONLY)
    os.chdir(folder)  # a socket's path has room for a hundred signs
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("socket")
    finally:
        os.fchdir(here)
        os.close(here)
    (folder / "large").write_bytes(b"a = 1\n" * 200_000)
    (folder / "deep").write_text(f"a = {'[' * 100_000}")
    (folder / "latin").write_bytes(b'question = "\xe9"\n')
    (folder / "nul").write_bytes(CONFIG.read_bytes() + b"\0")
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file with one small table."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "barometer.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute("create table numbers as from range(3) t(n)")
    return file


def as_it_is(path: Path) -> tuple[int, int, int]:
    """What changes when another takes a path's place, or it is written."""
    found = path.lstat()
    return found.st_mode, found.st_ino, found.st_mtime_ns


def assert_told(ended, exit_code: int, *words: str) -> None:
    """The command ended with this code and a message that has these words."""
    assert ended.exit_code == exit_code, ended.stderr
    assert "Traceback" not in ended.stderr
    for word in words:
        assert word in ended.stderr


def test_a_configuration_that_is_none_is_told(inside, odd):
    """Read or written, it is never waited for, read for ever, or replaced where it is no file."""
    before = {path.name: as_it_is(path) for path in odd.iterdir()}
    for name in (*before, "file/within", "nowhere"):
        assert_told(inside("build", BAROMETER_CONFIG=odd / name), 2, name)
    assert_told(inside("init", "--force", BAROMETER_CONFIG=odd / "loop"), 2, LOOP)
    for name in ("folder", "device", "pipe", "socket", "file/within"):
        assert_told(inside("init", "--force", BAROMETER_CONFIG=odd / name), 2, "expected a file that can be")
        assert_told(inside("add", "Keras", BAROMETER_CONFIG=odd / name), 2, "expected the configuration file")
    assert {path.name: as_it_is(path) for path in odd.iterdir()} == before


@pytest.mark.parametrize(
    "command",
    [
        ("collect",),
        ("run",),
        ("build",),
        ("verify",),
        ("compact",),
        ("quarantine",),
        ("status",),
        ("report",),
        ("sql", "select 1"),
    ],
)
def test_a_data_folder_that_is_none_is_told(inside, odd, command):
    """A file or a pipe in its place is wrong usage, whether something is to be written or read."""
    for name in ("file", "pipe", "file/within"):
        told = f"{name.split('/')[0]}: Not a directory, expected a folder that can be written"
        assert_told(inside(*command, BAROMETER_DATA=odd / name), 2, "BAROMETER_DATA: ", told)
    assert_told(inside(*command, BAROMETER_DATA=odd / "loop"), 2, LOOP)
    assert_told(inside(*command, BAROMETER_DATA=f"{odd}/\udcff"), 2, "expected a path in UTF-8")
    assert_told(
        inside(*command, BAROMETER_DATA="~no such user/x"), 2, "expected a path that begins at a home"
    )


def test_a_folder_that_leads_to_itself_is_told(inside, odd):
    """Before the site is made, and before Prefect has started, which would go on without its folder."""
    for name, commands in {"BAROMETER_SITE": ("report",), "PREFECT_HOME": LONG_RUNNING}.items():
        for command in commands:
            ended = inside(command, **{name: odd / "loop"})
            assert_told(ended, 2, f"barometer: {name}: ", LOOP)
            assert ended.stdout == ""


def test_a_folder_of_prefect_s_that_is_none_is_told(odd, tmp_path):
    """Nothing that starts Prefect comes further than this."""
    assert require_home(tmp_path / "new") == tmp_path / "new"
    for name in ("file", "pipe", "file/within"):
        with pytest.raises(ConfigurationError, match=r"(?s)^PREFECT_HOME: .*, expected a folder that can be"):
            require_home(odd / name)


def test_a_published_file_that_is_none_is_told(inside, odd, published):
    """Also a pipe in its place, which nobody fills."""
    for name in ("pipe", "folder", "socket", "large"):
        published.unlink()
        (odd / name).rename(published)
        for command in (("sql", "select 1"), ("status",), ("report",)):
            assert_told(inside(*command), 1, "barometer.duckdb: ")
        published.rename(odd / name)
        published.touch()


def test_a_published_file_of_another_version_is_told(inside, published):
    """It has not the tables that this one reads."""
    for command in (("status",), ("report",)):
        told = "was built by another version: Catalog Error: Table with name"
        assert_told(inside(*command), 1, told, "`barometer build` makes it anew")


def test_a_file_to_read_that_is_none_is_told(inside, odd, published):
    """A query and an export are files, and no longer than people write them."""
    for name in ("folder", "loop", "device", "pipe", "socket", "latin", "nowhere"):
        assert_told(inside("sql", "--file", odd / name), 2, "expected a")
        assert_told(inside("import-trends", odd / name), 2, "expected")
    assert_told(inside("import-trends", odd / "large"), 2, "found more than 1 MiB")
    (odd / "year").write_text("Week,pytorch,tensorflow\n9999-12,1,2\n")
    assert_told(inside("import-trends", odd / "year"), 2, "year")
    (odd / "digits").write_text(
        "Week,pytorch,tensorflow\n\u0662\u0660\u0662\u0665-\u0660\u0661-\u0660\u0665,\u0661,\u0662\n"
    )
    assert_told(inside("import-trends", odd / "digits"), 2, "digits")


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize("url", ["http://[::1", "http://h:x", "http://"])
def test_an_address_that_is_none_is_told(inside, name, url):
    """Half a bracket, and a port in letters."""
    assert_told(inside("status", **{name: url}), 2, f"{name}: ")


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x" * 5_000])
def test_a_clock_beyond_all_dates_is_told(inside, now):
    """No day can be reckoned from it."""
    assert_told(inside("status", BAROMETER_NOW=now), 2, "BAROMETER_NOW: found ", "of 2000 to 2200")


@pytest.mark.parametrize(
    "marker",
    ["{", "[]", "1", "{}", '{"now": 1}', '{"now": "2025-08-06T06:00:00Z", "config": []}', "[" * 50_000],
)
def test_a_damaged_marker_of_the_demo_is_told(inside, tmp_path, marker):
    """Whose figures the folder holds is not known then."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demo.json").write_text(marker)
    assert_told(inside("status"), 2, "demo.json: found something else than the demo wrote; ")


def test_a_run_log_of_brackets_is_no_run(inside, tmp_path):
    """It is read to its end, and told of as a log without a run."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "runs.jsonl").write_text("[" * 100_000 + "\n{\n")
    assert (
        "last run           none yet"
        in inside("doctor", **dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1")).stdout
    )


def test_a_day_beside_the_archive_is_told(inside, tmp_path, at_server):
    """One that is not yet is wrong usage; of one before the first answer there is nothing."""
    folder = tmp_path / "data" / "archive" / "pypi"
    folder.mkdir(parents=True)
    (folder / "20250801T060000Z-0123456789ab.jsonl.gz").touch()
    for day in ("2999-01-01", "9999-12-31"):
        assert_told(inside("rebuild", "--as-of", day), 2, f"--as-of: found {day}, expected a day up to ")
    assert_told(inside("rebuild", "--as-of", "0001-01-01"), 1, "expected a day from 2025-08-01 on")


def test_nothing_due_is_no_failure(inside, server: DemoServer):
    """Asked twice in one day, Wikipedia has nothing to tell anew; that nobody answers is one."""
    here = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_NOW": server.now.isoformat()}
    assert inside("collect", "wikipedia", **here).exit_code == 0
    server.requests.clear()
    assert inside("collect", "wikipedia", **here).exit_code == 0
    assert server.requests == []
    gone = here | dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1")
    assert_told(inside("collect", "github", **gone), 1, "no source answered")


def test_a_source_without_identifiers_is_not_asked(inside, server: DemoServer, tmp_path):
    """It is not in the plan, leaves no file, and degrades nothing."""
    config = tmp_path / "ecosystem.toml"
    config.write_text(
        "".join(line for line in CONFIG.read_text().splitlines(True) if "wikipedia = " not in line)
    )
    here = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_CONFIG": config}
    assert "wikipedia" not in inside("backfill", "--dry-run", **here).stdout
    assert_told(
        inside("collect", "wikipedia", **here), 2, "sources: found wikipedia, expected some of github"
    )


def test_the_demos_own_configuration_is_nobodys_to_edit(inside, tmp_path):
    """After `make demo` its folder says what is compared; `add` and `init` are for live figures."""
    before = CONFIG.read_bytes()
    (tmp_path / "data").mkdir()
    marker = json.dumps({"now": "2025-08-06T06:00:00Z", "config": str(CONFIG)})
    (tmp_path / "data" / "demo.json").write_text(marker)
    for command in (("add", "Keras"), ("init", "--force")):
        assert_told(inside(*command, BAROMETER_CONFIG=""), 2, "the demo's own, expected one to edit")
    assert CONFIG.read_bytes() == before


def test_the_version_is_told(inside):
    """As it is installed."""
    assert (inside("--version").exit_code, inside("--version").stdout) == (0, "barometer 0.1.0\n")


def test_output_goes_into_files_of_known_endings(inside, published, tmp_path):
    """An ending says the format, in capitals too; one that nobody knows, or that says another, is refused."""
    for name in ("out.csv", "OUT.CSV", "out.json", "out.md", "out.parquet", "out.txt"):
        assert inside("sql", "from numbers", "--output", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 0
    for name in ("out.xlsx", "out"):
        refused = inside("sql", "from numbers", "--output", tmp_path / name)
        assert_told(refused, 2, "expected one of .csv, .json, .md, .parquet, .txt, or --format")
    assert inside("sql", "from numbers", "--output", tmp_path / "out", "--format", "csv").exit_code == 0
    refused = inside("sql", "from numbers", "--output", tmp_path / "out.csv", "--format", "json")
    assert_told(refused, 2, "sql --format json: found the ending '.csv' of csv")
    assert not (tmp_path / "out.xlsx").exists()


def test_output_replaces_nothing_but_files(inside, odd, published, tmp_path):
    """Devices, pipes, folders and sockets stay, and so does a link, of which the target is written."""
    device = tmp_path / "null.csv"
    device.symlink_to("/dev/null")
    for place in (device, *(odd / name for name in ("folder", "loop", "pipe", "socket"))):
        before = as_it_is(place)
        refused = inside("sql", "from numbers", "--output", place, "--format", "csv")
        assert_told(refused, 2, "expected a file that can be written")
        assert as_it_is(place) == before
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)

    target, link = tmp_path / "target", tmp_path / "link.csv"
    target.touch(0o640)
    link.symlink_to(target)
    assert inside("sql", "from numbers", "--output", link).exit_code == 0
    assert link.is_symlink() and target.read_text() == "n\n0\n1\n2\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("query", "options", "words"),
    [
        (ENDLESS, ("--timeout", 1), "found no answer within 1 s"),
        (ENDLESS, ("--timeout", 1, "--format", "csv"), "found no answer within 1 s"),
        ("from range(9000000)", (), "found more than 10 MB in a table"),
        ("select repeat('x', 30000000) from range(2)", (), "found more than 10 MB in a table"),
        (
            "select count(*) from (select random() r, repeat('x', 90) s from range(9000000) order by r, s)",
            ("--memory", 100, "--temporary", 50),
            "Expected at most 100 MB of memory and 50 MB of temporary files",
        ),
        (
            "select range, repeat('x', 900) from range(99999999)",
            ("--format", "csv", "--temporary", 5),
            "found more than 5 MB of rows",
        ),
    ],
)
def test_a_query_has_its_limits(inside, published, tmp_path, query, options, words):
    """Of time, memory and temporary files; what it wrote there is gone."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    ended = inside("sql", query, *options, TMPDIR=scratch)
    assert_told(ended, 2, words)
    assert len(ended.stderr.splitlines()) == 1 and list(scratch.iterdir()) == []
    assert sorted(file.name for file in published.parent.iterdir()) == ["barometer.duckdb"]


@pytest.mark.parametrize(
    ("command", "exit_code", "words"),
    [
        (("status",), 2, "demo.json: Permission denied"),
        (("collect",), 2, "demo.json: Permission denied"),
        (("sql", "--file", "unreadable/query"), 2, "query: Permission denied"),
        (("init", "--force"), 1, "ecosystem.toml: Permission denied"),
    ],
)
def test_what_may_not_be_read_is_told(barometer, tmp_path, command, exit_code, words):
    """To a user who is not root, or who is and has no more rights than others."""
    folder = tmp_path / "unreadable"
    folder.mkdir()
    (folder / "query").touch()
    place = (
        {"BAROMETER_DATA": folder}
        if words.startswith("demo")
        else {"BAROMETER_CONFIG": folder / "ecosystem.toml"}
    )
    folder.chmod(0)
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    try:
        done = subprocess.run(
            [*drop, sys.executable, "-m", "flows", *command],
            env=barometer.environment
            | {name: str(path) for name, path in place.items()}
            | {"PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        folder.chmod(0o700)
    assert (done.returncode, "Traceback" in done.stderr) == (exit_code, False), done.stderr
    assert words in done.stderr and len(done.stderr.splitlines()) == 1


STREAMS = """
for how in '>&-' '2>&-' '<&- >&- 2>&-' '| head -0' '>/dev/full' '2>/dev/full'; do
    for command in "sql 'from numbers'" "status"; do
        sh -c "{ $PYTHON -m flows $command; echo \\$? >&9; } $how" 9>&3
    done
done
"""


def test_an_exit_code_is_the_same_whoever_reads(barometer, published, tmp_path):
    """Streams that are closed, that nobody reads or that are full change nothing but what is lost."""
    with (tmp_path / "codes").open("w") as codes:
        done = subprocess.run(
            ["bash", "-c", f"exec 3>&{codes.fileno()}; {STREAMS}"],
            env=barometer.environment | {"PYTHON": sys.executable},
            cwd=ROOT,
            pass_fds=[codes.fileno()],
            capture_output=True,
            text=True,
            check=False,
        )
    told = [int(code) for code in (tmp_path / "codes").read_text().split()]
    # Closed, unread and full streams; only rows that found no room are a failure.
    assert told == [*[0, 1] * 4, 1, 1, 0, 1], done.stderr
    for word in ("Traceback", "Exception ignored", "BrokenPipe"):
        assert word not in done.stderr
    assert "standard output: No space left on device, expected room to write" in done.stderr


def ended_by(signum: signal.Signals, after, barometer, *arguments: str) -> tuple[int, str]:
    """Run a command, send the signal as soon as something is so, and return exit code and standard error."""
    process = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, "-m", "flows", *arguments],
        env=barometer.environment,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not after(process):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signum)
    _, stderr = process.communicate(timeout=60)
    return process.returncode, stderr


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_query(barometer, published, tmp_path, signum):
    """While the engine computes: one line, 128 and the signal's number, and no file is left."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    barometer.environment["TMPDIR"] = str(scratch)
    at_work = lambda _: any(scratch.glob("barometer-*"))  # noqa: E731
    ended = ended_by(signum, at_work, barometer, "sql", ENDLESS, "--output", str(tmp_path / "out.csv"))
    assert ended == (128 + signum, f"barometer: stopped by {signum.name}; nothing is half-written\n")
    assert list(scratch.iterdir()) == [] and not (tmp_path / "out.csv").exists()


def test_a_signal_ends_collecting_though_nobody_answers(barometer, faulty, tmp_path):
    """The service takes a minute for its answer; the lock is given back at once."""
    slow = faulty(pause_seconds=60)
    barometer.environment.update(dict.fromkeys(PUBLIC_URLS, slow.url))
    exit_code, stderr = ended_by(signal.SIGTERM, lambda _: slow.paths, barometer, "collect", "github")
    assert exit_code == 143 and "Traceback" not in stderr
    assert stderr.endswith("barometer: stopped by SIGTERM; nothing is half-written\n")
    assert (tmp_path / "data" / "writer.lock").read_text() == ""
