"""What stands in the place of what a gate withholds: the files that the published one was built from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from flows.pipeline.gate import Gate, LastPublication, last_publication, next_less
from warehouse.archive.write import record_attempt
from warehouse.build.checks import Check
from warehouse.build.load import Withheld
from warehouse.errors import GateClosed

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
IDENTIFIERS = (
    "create table identifiers as select 'torch' as subject_id, 'pypi' as source_id, 'torch' as identifier, "
    "null::date as valid_from, null::date as valid_until, null::varchar as within"
)
ROWS = [["torch", "pypi", "torch", None, None, None]]


def publish(settings, *statements):
    """A published file of an earlier version, which has the tables that it had."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(settings.published_file) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_last_publication_is_the_files_that_it_was_built_from(settings):
    """By source, with the identifiers of that time."""
    publish(
        settings,
        "create table source_attempts as select * from (values ('pypi/b', 'pypi'), ('pypi/a', 'pypi'), "
        "('github/c', 'github')) as told (archive_file, source_id)",
        IDENTIFIERS,
    )
    found = last_publication(settings)
    assert found.files == {"pypi": {"pypi/a", "pypi/b"}, "github": {"github/c"}}
    assert [list(row) for row in found.identifiers_of("pypi")] == ROWS
    assert found.identifiers_of("github") == []


def test_a_published_file_that_names_no_files_falls_back_to_the_time(settings):
    """Of before attempts were published: all files until a source's last one; without a file, none."""
    assert last_publication(settings).files == {}
    for hours in (0, 1, 2):
        at = NOON + timedelta(hours=hours)
        record_attempt(settings.archive, "pypi", lambda at=at: at, lambda add: None)
    publish(
        settings,
        "create table source_status as select * from (values ('pypi', timestamptz '2025-08-06 13:00:00+00'), "
        "('github', null)) as told (source_id, last_attempt_at)",
    )
    found = last_publication(settings)
    assert [sorted(name[:22] for name in names) for names in found.files.values()] == [
        ["pypi/20250806T120000Z-", "pypi/20250806T130000Z-"]
    ]
    assert found.identifiers_of("pypi") is None


def test_each_failure_leaves_less_of_a_source(settings):
    """First its newest answers go, then the checks of what was published, then all; then nothing is left."""
    publish(
        settings,
        "create table source_attempts as select 'pypi/a' as archive_file, 'pypi' as source_id",
        IDENTIFIERS,
    )
    published = last_publication(settings)
    first = next_less("pypi", "a", None, published)
    assert first == Withheld("pypi", frozenset({"pypi/a"}), "a")
    second = next_less("pypi", "b", first, published)
    assert replace(second, identifiers=None) == replace(first, reason="b", is_checked=False)
    assert [list(row) for row in second.identifiers] == ROWS
    third = next_less("pypi", "c", second, published)
    assert third == Withheld("pypi", frozenset(), "c")
    with pytest.raises(GateClosed, match="d"):
        next_less("pypi", "d", third, published)
    assert next_less("never", "a", None, published) == Withheld("never", frozenset(), "a")


ANSWERS = {"a": ["a/2"], "b": ["b/2"], "c": ["c/2"]}
BEFORE = LastPublication({name: frozenset({f"{name}/1"}) for name in ANSWERS}, ROWS)


def failing(check_id, source_id):
    return Check(check_id, source_id, "error", False, 1, "found")


def newest(withheld):
    """The sources of which the newest answers are built."""
    return set(ANSWERS) - {one.source_id for one in withheld}


def pass_through(world, new=ANSWERS):
    """What is held back in the end of a world that tells what fails, and what was told then."""
    built = []

    def build(withheld):
        checks = list(world(withheld)) or [Check("all_is_well", None, "error", True, 0, None)]
        built.append((withheld, checks))
        return checks

    gate = Gate(BEFORE, new, build)
    told = gate.pass_through(build([]))
    withheld, checks = built[-1]
    assert {one.source_id: one for one in withheld} == gate.held and not any(check.blocks for check in checks)
    return gate.held, {(check.check_id, check.source_id) for check in told if check.blocks}


def test_two_sources_that_fail_together_keep_both_last_good_points():
    """What the failing model of one hides of the other is no reason to give that up."""

    def world(withheld):
        if "a" in newest(withheld):
            yield failing("model of a", "a")
        elif "b" in newest(withheld):
            yield failing("check of b", "b")

    held, told = pass_through(world)
    assert {name: one.files for name, one in held.items()} == {"a": {"a/1"}, "b": {"b/1"}}
    assert all(one.is_checked for one in held.values())
    assert told == {("model of a", "a"), ("check of b", "b")}


def test_no_source_goes_to_nothing_for_what_another_has_told():
    """A model of one source can read the figures of all: at its last step all others are held back first."""

    def world(withheld):
        if "b" in newest(withheld) and "a" not in {one.source_id for one in withheld if not one.files}:
            yield failing("model of a", "a")

    held, _ = pass_through(world)
    assert {name: one.files for name, one in held.items()} == {"b": {"b/1"}}
    assert held["b"].reason == "model of a: found; without its newest answers (b/2) nothing fails"


def test_what_cannot_be_built_at_all_is_left_out_and_takes_nobody_along():
    """Where everything else is as it was published, too."""

    def world(withheld):
        if not any(one.source_id == "a" and not one.files for one in withheld):
            yield failing("model of a", "a")

    held, _ = pass_through(world)
    assert (list(held), held["a"].files) == (["a"], frozenset())


def test_the_sources_to_blame_for_a_failure_of_all_are_found():
    """Each is told with its newest files; the others are built with their newest answers."""

    def world(withheld):
        if newest(withheld) & {"a", "c"}:
            yield failing("sum of all", None)

    held, told = pass_through(world)
    assert {name: one.files for name, one in held.items()} == {"a": {"a/1"}, "c": {"c/1"}}
    assert {source_id for _, source_id in told} <= {"a", "c"} and told


@pytest.mark.parametrize("new", [ANSWERS, {}])
def test_what_no_answer_is_to_blame_for_closes_the_gate(new):
    """With answers that are new or without."""
    with pytest.raises(GateClosed, match="dbt build: sum of all: found"):
        pass_through(lambda _: [failing("sum of all", None)], new)
