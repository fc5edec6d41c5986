"""`barometer add`, as a user runs it: what is verified is written, what is wrong is not."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.sources import source_ids
from warehouse.ecosystem import Subject, read_ecosystem
from warehouse.presets import preset_text
from warehouse.settings import PUBLIC_URLS

# Stack Overflow's totals end in the demo a month after its figures.
JUNE_2023 = datetime(2023, 6, 2, 6, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ecosystem.toml"
    path.write_text(preset_text("deep-learning"))
    return path


@pytest.fixture
def add(barometer, server: DemoServer, file: Path):
    """Run `barometer add` at the demo's server, in June 2023, on the default configuration."""
    server.now = JUNE_2023
    barometer.environment.update(dict.fromkeys(PUBLIC_URLS, server.url), BAROMETER_NOW=JUNE_2023.isoformat())
    barometer.environment["BAROMETER_CONFIG"] = str(file)
    return lambda *arguments, **changes: barometer("add", *arguments, **changes)


def last_subject(file: Path) -> Subject:
    return read_ecosystem(file, source_ids()).subjects[-1]


def assert_untouched(file: Path) -> None:
    assert file.read_text() == preset_text("deep-learning")


def test_what_is_given_is_verified_and_written(add, file):
    """Every identifier as given, the packages in their order."""
    done = add(
        *("JAX", "--github", "jax-ml/jax", "--pypi", "jax", "--pypi", "keras"),
        *("--stackoverflow", "keras", "--google-trends", "google jax", "--wikipedia", "JAX_(software)"),
        *("--first-release", "2018-12-06"),
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{file}: added jax"
    assert last_subject(file) == Subject(
        id="jax",
        name="JAX",
        first_release_on=date(2018, 12, 6),
        github="jax-ml/jax",
        pypi=("jax", "keras"),
        stackoverflow="keras",
        google_trends="google jax",
        wikipedia="JAX_(software)",
    )


def test_what_is_left_out_is_looked_for_by_the_name(add, file):
    """What the sources confirm is written, each with a line that says so; a term is never guessed."""
    done = add("Keras")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("by its name, so see that it is the same: ") == 4
    assert done.stdout.count("names mean other things too: give a term that does not") == 1
    assert last_subject(file) == Subject(
        id="keras",
        name="Keras",
        github="keras-team/keras",
        pypi=("keras",),
        stackoverflow="keras",
        wikipedia="Keras",
    )


def test_a_wrong_identifier_is_written_only_by_force(add, file):
    """Refused with suggestions, exit code 2; with --force it stands there as given."""
    done = add("Keras", "--github", "keras-team/kears")
    assert done.returncode == 2
    assert "perhaps keras-team/keras" in done.stdout
    assert done.stderr.splitlines()[-1] == (
        "barometer: add: found github keras-team/kears, expected what the source knows, see its line; "
        "nothing was written"
    )
    assert_untouched(file)

    assert add("Keras", "--github", "keras-team/kears", "--force").returncode == 0
    assert (last_subject(file).github, last_subject(file).pypi[0].package) == ("keras-team/kears", "keras")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("PyTorch",), "add: found pytorch in the configuration, expected another subject"),
        (("Keras", "--github", "keras"), "add: github: found 'keras'; String should match pattern"),
        (("Keras", "--pypi", "Keras"), "add: pypi.1.package: found 'Keras'; String should match pattern"),
        (("7", "--github", "a/b"), "add: id: found '7'; String should match pattern"),
        (("Zzz",), "add: found Zzz at no source, expected it at one at least"),
    ],
)
def test_what_cannot_be_added_is_refused(add, file, arguments, message):
    """One line, exit code 2, nothing written."""
    done = add(*arguments)

    assert done.returncode == 2
    assert f"barometer: {message}" in done.stderr
    assert_untouched(file)


def test_there_are_as_many_subjects_as_colours(add, file):
    """A seventh is refused before anybody is asked."""
    more = "".join(f'[[subjects]]\nid = "s{n}"\nname = "S"\n\n' for n in range(4))
    file.write_text(file.read_text().replace("# Where the", f"{more}# Where the"))
    done = add("Keras")

    assert done.returncode == 2
    assert done.stderr == "barometer: add: found 6 subjects, which is all that there are colours for\n"


def test_what_cannot_be_verified_is_not_written(add, server, file):
    """Exit code 3 for something given; what was only looked for is left out and told."""
    server.faults = [Planned("429", 1, lasts=99, prefix="/api/packages")]
    done = add("Keras", "--pypi", "keras")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        "barometer: add: pypi keras could not be verified; nothing was written, --force writes it"
    )
    assert_untouched(file)

    done = add("Keras")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (3, "barometer: add: pypi could not be asked")
    assert (last_subject(file).github, last_subject(file).pypi) == ("keras-team/keras", ())


def test_without_any_source_nothing_is_written(add, file):
    """Nobody could say that the name is unknown."""
    done = add("Keras", **dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1"))

    assert done.returncode == 3
    assert "could not be asked; nothing was written" in done.stderr
    assert_untouched(file)
