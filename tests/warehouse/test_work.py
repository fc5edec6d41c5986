"""Loading: the archive comes into the work database once, whole, and with the configuration."""

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.pipeline.steps import ecosystem_of, load_archive
from warehouse.archive.compact import compact
from warehouse.archive.unasked import unasked
from warehouse.archive.write import LastAnswer, Page, archived_files, name_of, record_attempt
from warehouse.build.load import Withheld, forget_outdated_work, last_answers, load, open_work
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged, ConfigurationError

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def record(settings: Settings, *keys: str, problem: str | None = None, source_id: str = "pypi") -> None:
    body = '{"k": "☂"}'.encode()
    pages = [
        Page("overall", key, f"https://x.example/{key}", 200, settings.clock(), body, problem) for key in keys
    ]
    record_attempt(
        settings.archive, source_id, settings.clock, lambda add: [add(page) for page in pages] and None
    )


def test_a_file_is_loaded_once(settings: Settings):
    """Loading again adds nothing, a new file adds its own pages."""
    ecosystem = ecosystem_of(settings)
    record(settings, "torch", "tensorflow")
    with open_work(settings) as connection:
        assert [load(connection, settings, ecosystem) for _ in range(2)] == [1, 0]
        record(settings, "jax")
        assert load(connection, settings, ecosystem) == 1
        pages = connection.execute("select page_id, key, body from raw.pages order by page_id").fetchall()

    assert pages == [(1, "tensorflow", '{"k": "☂"}'), (2, "torch", '{"k": "☂"}'), (3, "jax", '{"k": "☂"}')]


def test_of_a_withheld_source_exactly_the_published_files_are_loaded(settings: Settings):
    """Wherever they lie; where they stay unchecked, with the identifiers that they were published with."""
    ecosystem = ecosystem_of(settings)
    for day, key in enumerate(("first", "second", "third")):
        at = NOON - timedelta(days=40 - day)
        record(replace(settings, clock=lambda at=at: at), key)
    files = [name_of(file) for file in archived_files(settings.archive)]
    compact(settings.archive, NOON)
    then = [["pytorch", "pypi", "torch-of-then", None, None, None], ["gone", "pypi", "x", None, None, None]]
    published = frozenset({files[0], files[2], "pypi/lost"})
    kept = Withheld("pypi", published, "why", is_checked=False, identifiers=then)
    with open_work(settings) as connection:
        assert load(connection, settings, ecosystem, [kept]) == 2
        keys = connection.execute("select key from raw.pages order by page_id").fetchall()
        packages = "select subject_id, identifier from raw.identifiers where source_id = 'pypi'"
        named = connection.execute(packages).fetchall()
        withheld = connection.execute("from raw.withheld").fetchall()
        assert load(connection, settings, ecosystem) == 1
        of_today = connection.execute(packages).fetchall()

    assert keys == [("first",), ("third",)]
    assert (named, withheld) == ([("pytorch", "torch-of-then")], [("pypi", "why", False)])
    assert len(of_today) > 1 and ("pytorch", "torch-of-then") not in of_today


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8bnot gzip", gzip.compress(b'{"kind": "pa'), gzip.compress(b'{"kind": "page"}\n')],
    ids=["not gzip", "half a line", "a page without its attempt"],
)
def test_an_archive_file_is_loaded_whole_or_not_at_all(settings: Settings, content: bytes):
    """A damaged or cut file stops the load by its name and leaves the database as it was."""
    ecosystem = ecosystem_of(settings)
    record(settings, "torch")
    damaged = settings.archive / "pypi" / "20250801T000000Z-000000000000.jsonl.gz"
    damaged.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match="20250801T000000Z-0000"), open_work(settings) as connection:
        load(connection, settings, ecosystem)
    damaged.unlink()
    with open_work(settings) as connection:
        assert load(connection, settings, ecosystem) == 1


def test_an_answer_as_before_stands_for_the_body_it_confirms(settings: Settings):
    """In the same load and in a later one; the newest answer tells its version and the body's digest."""
    ecosystem, told = (
        ecosystem_of(settings),
        Page("repository", "a/b", "", 200, NOON - timedelta(days=2), b'{"stars": 1}', etag="v1"),
    )
    digest = hashlib.sha256(told.body).hexdigest()
    later = Page("repository", "a/b", "", 304, NOON - timedelta(days=1), b"", etag="v1", same_as=digest)
    latest = replace(later, fetched_at=NOON)
    with open_work(settings) as connection:
        for pages in [(told, later), (latest,)]:
            record_attempt(
                settings.archive, "github", settings.clock, lambda add, p=pages: [*map(add, p)] and None
            )
            load(connection, settings, ecosystem)
        bodies = connection.execute("select status, body from raw.pages order by page_id").fetchall()
        (answered,) = last_answers(connection, "github").values()

    assert bodies == [(200, '{"stars": 1}'), (304, '{"stars": 1}'), (304, '{"stars": 1}')]
    assert answered == LastAnswer(latest.fetched_at, digest, "v1")


def test_only_answers_count_as_answered(settings: Settings):
    """A refusal is asked again; another source's answers do not count."""
    record(settings, "torch")
    record(settings, "jax", problem="pypi jax: HTTP 404, expected 200")
    with open_work(settings) as connection:
        load(connection, settings, ecosystem_of(settings))
        (answered,) = last_answers(connection, "pypi").items()
        assert (answered[0], answered[1].read_at) == (("overall", "torch"), settings.clock())
        assert last_answers(connection, "github") == {}


def test_the_configuration_is_there_as_it_is_today(settings: Settings, tmp_path: Path):
    """Subjects, identifiers and expectations follow the file; a subject that is gone is gone."""
    with open_work(settings) as connection:
        load(connection, settings, ecosystem_of(settings))
        colors = connection.execute("select subject_id, color from raw.subjects order by all").fetchall()
        assert colors == [("pytorch", "#d55e00"), ("tensorflow", "#0072b2")]
        config = tmp_path / "one.toml"
        config.write_text(
            'question = "One?"\n[[subjects]]\nid = "jax"\nname = "JAX"\n'
            'pypi = ["jax", { package = "jaxlib", since = 2020-01-01, until = 2024-12-31, within = "jax" }]\n'
            "[sources.pypi]\nexpected_lag_days = 3\n"
            '[sources.pypi.expect.days_told]\nat_least = 150\nreason = "Kept are 180."\n'
        )
        load(connection, settings, ecosystem_of(replace(settings, config=config)))
        identifiers = connection.execute(
            "from raw.identifiers where source_id = 'pypi' order by identifier"
        ).fetchall()
        expectations = connection.execute("from raw.expectations").fetchall()

    assert identifiers == [
        ("jax", "pypi", "jax", None, None, None),
        ("jax", "pypi", "jaxlib", date(2020, 1, 1), date(2024, 12, 31), "jax"),
    ]
    assert expectations == [("pypi", "days_told", 150.0, None, "Kept are 180.")]


def test_a_second_writer_is_told_so(settings: Settings):
    """While another process writes, opening ends with one clear message."""
    settings.data.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(file=str(settings.work_file))], stdin=-1, stdout=-1, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ConfigurationError, match="no other run is writing"), open_work(settings):
            pass
    finally:
        holder.communicate("\n")


HOLD = "import duckdb; c = duckdb.connect({file!r}); print('held', flush=True); input()"


@pytest.mark.parametrize(
    "content",
    [lambda _: b"", lambda _: b"damaged" * 1000, lambda data: data[: len(data) // 2], lambda data: data[:-1]],
    ids=["nothing", "something else", "cut in the middle", "cut at the end"],
)
def test_a_damaged_work_database_is_only_a_cache(
    settings: Settings, content: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
):
    """It is told in one line and made anew by the next load: the archive has everything."""
    ecosystem = ecosystem_of(settings)
    record(settings, "torch")
    with open_work(settings) as connection:
        load(connection, settings, ecosystem)
    settings.work_file.write_bytes(content(settings.work_file.read_bytes()))
    with pytest.raises(ConfigurationError, match="`barometer rebuild` makes again"), open_work(settings):
        pass

    assert set(load_archive(settings, ecosystem)["pypi"]) == {("overall", "torch")}
    (told,) = [message for message in caplog.messages if "makes again from the archive; done now" in message]
    assert "\n" not in told


def test_a_folder_in_the_place_of_the_work_database_is_told(settings: Settings):
    """It may be anybody's, so it stays."""
    settings.work_file.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=r"work\.duckdb: .*; expected a folder that can be written"):
        load_archive(settings, ecosystem_of(settings))
    assert settings.work_file.is_dir()


@pytest.mark.parametrize(
    "filled_otherwise", ["update raw.build set models_sha256 = 'other models'", "drop table raw.build"]
)
def test_models_that_changed_read_the_whole_archive_again(settings: Settings, filled_otherwise: str):
    """What earlier models parsed does not stay; with the same models nothing is read twice."""
    record(settings, "torch")
    assert set(load_archive(settings, ecosystem_of(settings))["pypi"]) == {("overall", "torch")}
    with open_work(settings) as connection:
        connection.execute("create table parsed_by_other_models as select 1 as n")
    forget_outdated_work(settings)
    with open_work(settings) as connection:
        assert connection.execute("from parsed_by_other_models").fetchall() == [(1,)]
        connection.execute(filled_otherwise)

    forget_outdated_work(settings)

    assert not settings.work_file.exists()
    assert set(load_archive(settings, ecosystem_of(settings))["pypi"]) == {("overall", "torch")}


def test_an_unwritable_folder_is_told(settings: Settings, tmp_path: Path):
    """The message names the file and what is expected."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigurationError, match=r"BAROMETER_DATA: .*expected a folder that can be written"),
        open_work(replace(settings, data=tmp_path / "file")),
    ):
        pass


def test_what_nobody_asks_for_any_more_is_known(settings: Settings):
    """By its name, whatever part of it was asked for; nothing is said before there is a work database."""
    ecosystem = ecosystem_of(settings)
    assert unasked(settings, ecosystem) == {}
    record(settings, "torch", "Torch 2025-01-01", "django 2025-01-01", "django 2025-02", "c 3", "2025-01")
    with open_work(settings) as connection:
        load(connection, settings, ecosystem)

    assert unasked(settings, ecosystem) == {"pypi": ["c", "django"]}


def test_several_that_were_asked_for_at_once_are_known_each(settings: Settings):
    """As Stack Exchange is: a tag cannot hold the sign that joins them."""
    ecosystem = ecosystem_of(settings)
    record(settings, "pytorch;tensorflow", "pytorch;keras", source_id="stackoverflow")
    with open_work(settings) as connection:
        load(connection, settings, ecosystem)

    assert unasked(settings, ecosystem) == {"stackoverflow": ["keras"]}
