"""`barometer add`, as a user runs it: what is verified is written, what is wrong is not."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.sources.identity import Unconfirmed, load_identity
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject, read_ecosystem
from warehouse.config.presets import preset_text
from warehouse.config.settings import PUBLIC_URLS

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
    return read_ecosystem(file).subjects[-1]


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
    assert done.stdout.splitlines()[-2:] == [
        "the question is now: PyTorch, TensorFlow or JAX?",
        f"{file}: added jax",
    ]
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
    own = [source.id for source in catalog().values() if source.identifier.same_as is None]
    silent = [source_id for source_id in own if isinstance(load_identity(source_id), Unconfirmed)]
    told = "names mean other things too: give a term that does not"
    assert done.stdout.count(told) == len(["google_trends", *silent])
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
        (
            ("PyTorch",),
            "add: found nothing new of PyTorch, which is in the configuration; expected something that it "
            "lacks, by one of the options of `barometer add --help`\n",
        ),
        (
            ("Torch", "--id", "pytorch"),
            "add: found pytorch in the configuration, expected another subject: it is the id of PyTorch, "
            "--id gives this one another\n",
        ),
        (
            ("pytorch", "--github", "tensorflow/tensorflow"),
            "add --github: found pytorch/pytorch in the configuration, expected none: --replace writes "
            "tensorflow/tensorflow in its place\n",
        ),
        (
            ("Keras", "--first-release", "2023-06-03"),
            "add --first-release: found 2023-06-03, expected a day up to 2023-06-02\n",
        ),
        (
            ("Keras", "--first-release", "0001-01-01"),
            "add: --first-release: found datetime.date(1, 1, 1); Input should be greater than or equal to "
            "1950-01-01\n",
        ),
        (
            ("Keras", "--github", "keras"),
            "add: --github: found 'keras', expected owner/name, as in its address at github.com\n",
        ),
        (
            ("Keras", "--pypi", "tf", "--pypi", "Keras"),
            "add: --pypi: found 'Keras', expected a package's name in its normal form "
            "(small letters and digits, single dashes between): write keras\n",
        ),
        (
            ("Keras", "--id", "Keras-3"),
            "add: --id: found 'Keras-3', expected a small letter a to z, then such letters, digits and "
            "underscores, at most 40: write keras_3\n",
        ),
        (("", "--pypi", "keras"), "add: name: found ''; String should have at least 1 character\n"),
        (("Zzz",), "add: found Zzz at no source, expected it at one at least"),
        (
            ("Torch", "--pypi", "torch"),
            "add: found pypi torch in Torch and PyTorch, expected it in one, see its line; "
            "nothing was written\n",
        ),
    ],
)
def test_what_cannot_be_added_is_refused(add, file, arguments, message):
    """One line, exit code 2, nothing written."""
    done = add(*arguments)

    assert done.returncode == 2
    assert f"barometer: {message}" in done.stderr
    assert_untouched(file)


def test_there_is_room_for_ten_thousand_subjects(add, file):
    """One more is refused before anybody is asked."""
    more = "".join(f'[[subjects]]\nid = "s{n}"\nname = "S"\n\n' for n in range(9_998))
    file.write_text(f"{file.read_text()}\n{more}")
    done = add("Keras")

    assert done.returncode == 2
    assert done.stderr == (
        "barometer: add: found 10,000 subjects in the configuration, which is all that there is room for\n"
    )


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


@pytest.fixture
def add_known(add, catalogue):
    """Run `barometer add` where the sources know what a test says."""
    return lambda *arguments: add(*arguments, **dict.fromkeys(PUBLIC_URLS, catalogue.url))


def test_names_keep_their_signs(add_known, catalogue, file):
    """C++ is not c, nor C#, nor .NET the net; each has an id, and what is not found is left out and said."""
    catalogue.knows.tags = {tag: tag for tag in ("c", "c++", "c#", "net", ".net")}
    catalogue.knows.recent = dict.fromkeys(["c", "net"], 9)
    catalogue.knows.articles = {"C++": date(2023, 6, 1)}
    done = [add_known(name) for name in ("C++", "C#", ".NET")]

    assert [each.returncode for each in done] == [0, 0, 0], [each.stderr for each in done]
    assert read_ecosystem(file).subjects[2:] == (
        Subject(id="c_plus_plus", name="C++", stackoverflow="c++", wikipedia="C++"),
        Subject(id="c_sharp", name="C#", stackoverflow="c#"),
        Subject(id="dot_net", name=".NET", stackoverflow=".net"),
    )
    assert "no package can be called so" in done[0].stdout
    assert "no article can be called so" in done[1].stdout


def test_names_of_any_script_and_with_digits_have_ids(add_known, catalogue, file):
    """Nobody is told about an id that nobody gave; one that is taken is told, with the way out."""
    catalogue.knows.tags, catalogue.knows.recent = {"x": "x"}, {"2to3": 1, "c": 1}
    assert add_known("飞桨", "--stackoverflow", "x").returncode == 0
    assert last_subject(file) == Subject(id="u98de_u6868", name="飞桨", stackoverflow="x")
    assert add_known("2to3").returncode == 0
    assert last_subject(file) == Subject(id="n_2to3", name="2to3", pypi=("2to3",))

    assert add_known("C").returncode == 0
    refused = add_known("c--", "--pypi", "2to3", "--force")
    assert refused.stderr == (
        "barometer: add: found c in the configuration, expected another subject: it is the id of C, "
        "--id gives this one another\n"
    )
    assert add_known("c--", "--id", "c_minus", "--pypi", "2to3", "--force").returncode == 0
    assert (last_subject(file).id, last_subject(file).identifiers("pypi")) == ("c_minus", ("2to3",))


WITH_JAX = """
[[subjects]]
id = "jax"
name = "JAX" # of Google
github = "jax-ml/jax"
# More is to come.

"""


def test_what_a_subject_lacks_is_filled_in_later(add, file):
    """What is given is verified and written after what is there, and comments and all else stay."""
    subjects, tools, rest = file.read_text().partition("# Collected beside them")
    file.write_text(f"{subjects}{tools}{rest}{WITH_JAX}")
    apart = add("jax", "--stackoverflow", "keras", "--force")
    assert apart.returncode == 2 and "expected all [[subjects]] together, and all [[tools]]" in apart.stderr

    before = f"{subjects}{WITH_JAX.lstrip()}{tools}{rest}"
    file.write_text(before)
    wrong = add("jax", "--stackoverflow", "no-such-tag")
    assert (wrong.returncode, file.read_text()) == (2, before)

    done = add("jax", "--stackoverflow", "keras", "--first-release", "2018-12-06")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{file}: filled in jax"
    assert "github" not in done.stdout, "nobody asks again about what is there"
    filled = 'first_release_on = 2018-12-06\nstackoverflow = "keras"\n'
    assert file.read_text() == before.replace("# More is", f"{filled}# More is")

    assert add("JAX").returncode == 0
    assert last_subject(file).identifiers("pypi") == ("jax",), "looked for by the name"


def test_what_is_there_is_replaced_only_when_told(add, file):
    """In its place, and the comment above it stays."""
    done = add("PyTorch", "--pypi", "torch", "--pypi", "jax", "--replace")
    assert done.returncode == 0, done.stderr
    expected = preset_text("deep-learning").replace('pypi = ["torch"]', 'pypi = ["torch", "jax"]')
    assert file.read_text() == expected


def test_a_question_that_names_others_is_told(add, file):
    """Only one that is nothing but the names is changed; a general one is right for whomever."""
    file.write_text(file.read_text().replace("PyTorch or TensorFlow?", "PyTorch, or something else?"))
    told = "the question, PyTorch, or something else?, names PyTorch and not Keras: change it in the file"
    assert told in add("Keras", "--pypi", "keras", "--force").stdout
    file.write_text(file.read_text().replace("PyTorch, or something else?", "Which framework?"))
    assert "the question" not in add("JAX", "--pypi", "jax", "--force").stdout


def test_a_tool_is_verified_and_written(add, file):
    """Behind the others, with its theme and the subject that it belongs to; the subjects are left alone."""
    before = file.read_text()
    done = add(
        "Lightning", "--theme", "Looking at training", "--belongs-to", "pytorch", "--pypi", "tensorboard"
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{file}: added the tool lightning"
    assert file.read_text() == before + (
        '\n[[tools]]\nid = "lightning"\nname = "Lightning"\ntheme = "Looking at training"\n'
        'subject = "pytorch"\npypi = ["tensorboard"]\n'
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("X", "--theme", "t", "--github", "a/b"),
            "add: --github: unknown key, expected one of id, name, theme",
        ),
        (
            ("X", "--theme", "t", "--belongs-to", "jax", "--pypi", "wandb"),
            "subject: found 'jax', expected one of",
        ),
        (("X", "--theme", "t", "--pypi", "no-such-tool"), "found pypi no-such-tool, expected what the"),
        (("X", "--belongs-to", "pytorch"), "add --belongs-to: found no --theme, expected one"),
        (("X", "--theme", "t", "--replace"), "add --replace: found --theme, expected it of subjects alone"),
        (("MLflow", "--pypi", "mlflow"), "add: found mlflow among the tools of the configuration, expected"),
        (("PyTorch", "--theme", "t"), "add --theme: found the subject pytorch, expected another name"),
    ],
)
def test_a_tool_that_does_not_fit_is_refused(add, file, arguments, told):
    """Nothing is written, and the message names what was given."""
    done = add(*arguments)

    assert done.returncode == 2 and told in done.stderr, done.stderr
    assert_untouched(file)
