"""Writing the configuration: what people wrote around the subjects stays, and a failure changes nothing."""

from datetime import date
from pathlib import Path

import pytest
import tomlkit

from tests.made import configuration
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.edit import add_subject, write_configuration
from warehouse.config.presets import DEFAULT, preset_text
from warehouse.config.subject import Subject
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = """
# How late a source may be, in place of what it says itself.
[sources.github]
expected_lag_days = 3
"""
JAX = Subject(
    id="jax", name="JAX", first_release_on=date(2018, 12, 1), github="jax-ml/jax", pypi=("jax", "jaxlib")
)
WRITTEN = """\
[[subjects]]
id = "jax"
name = "JAX"
first_release_on = 2018-12-01
github = "jax-ml/jax"
pypi = ["jax", "jaxlib"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ecosystem.toml"
    path.write_text(preset_text(DEFAULT) + SOURCES)
    return path


def test_a_subject_comes_after_the_last_and_the_rest_stays(file: Path):
    """Byte for byte, the comment about the tools included, which follows the subjects."""
    before = file.read_text()
    add_subject(file, JAX)

    tools = before.index("# Collected beside them")
    expected = f"{before[:tools]}{WRITTEN}\n{before[tools:]}"
    assert file.read_text() == expected.replace("PyTorch or TensorFlow?", "PyTorch, TensorFlow or JAX?")
    assert [path.name for path in file.parent.iterdir()] == ["ecosystem.toml"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n# The end.\n"])
def test_a_file_may_end_with_its_subjects(tmp_path: Path, newline: str, end: str):
    """Whatever stands at its end, and however its lines end."""
    file = tmp_path / "ecosystem.toml"
    head = (
        'question = "?"\nsources.github.expected_lag_days = 2\n\n[[subjects]]\nid = "one" # 1st\nname = "One"'
    )
    file.write_bytes((head + end).replace("\n", newline).encode())
    add_subject(file, JAX)

    text = file.read_bytes().decode().replace("\r\n", "\n")
    assert text.startswith(head) and WRITTEN in text
    assert text.replace(WRITTEN, "").split() == (head + end).split()


def test_a_list_of_subjects_is_told(file: Path):
    """It is valid, and no place to add a table to."""
    text = 'question = "?"\nsubjects = [{ id = "one", name = "One" }]\nsources.github.expected_lag_days = 2\n'
    file.write_text(text)
    with pytest.raises(
        ConfigurationError, match="found one list, expected a \\[\\[subjects\\]\\] table for each"
    ):
        add_subject(file, JAX)

    assert file.read_text() == text


def test_what_would_not_be_valid_is_not_written(file: Path):
    """The id is there already: the file stays as it was."""
    before = file.read_bytes()
    with pytest.raises(ConfigurationError, match="found ids of subjects and tools pytorch 2 times"):
        add_subject(file, Subject(id="pytorch", name="PyTorch"))

    assert file.read_bytes() == before


def test_a_file_keeps_its_permissions(file: Path):
    """A new one takes the place of the old."""
    file.chmod(0o640)
    write_configuration(file, "x = 1\n")

    assert (file.read_text(), file.stat().st_mode & 0o777) == ("x = 1\n", 0o640)


@pytest.mark.parametrize("place", ["no/such/ecosystem.toml", "file/ecosystem.toml"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, place: str):
    """A folder that there is not, and a file in a folder's place."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"BAROMETER_CONFIG: .*expected a file that can be written"):
        write_configuration(tmp_path / place, "x = 1\n")


COMPARED = """
[[comparisons]]
id = "pair"
question = "One or the other?"
subjects = ["pytorch", "tensorflow"]
measures = ["pypi_downloads"]
"""


@pytest.mark.parametrize(
    ("changed", "to", "told"),
    [
        (
            '"tensorflow"]',
            '"keras"]',
            r"comparisons\.1\.subjects: found keras, expected some of pytorch",
        ),
        (
            '["pypi_downloads"]',
            '["downloads"]',
            r"comparisons\.1\.measures: found downloads, expected some",
        ),
        ('id = "pair"', 'id = "A pair"', r":\d+: comparisons\.1\.id: "),
        ("\n[[", f"{COMPARED}\n[[", r":\d+: comparisons\.2\.id: found pair again, expected each once"),
    ],
)
def test_a_comparison_is_of_what_there_is(tmp_path: Path, changed: str, to: str, told: str):
    """Its subjects are compared, its measures stand on the scoreboard, and its address is its own."""
    config = tmp_path / "ecosystem.toml"
    shipped = (ROOT / "ecosystem.toml").read_text()
    config.write_text(shipped + COMPARED)
    (comparison,) = read_ecosystem(config).comparisons
    assert (comparison.subjects, comparison.measures) == (("pytorch", "tensorflow"), ("pypi_downloads",))

    config.write_text(shipped + COMPARED.replace(changed, to, 1))
    with pytest.raises(ConfigurationError, match=told):
        read_ecosystem(config)


def test_all_that_comparisons_name_can_be_drawn(tmp_path: Path):
    """As many subjects as are drawn may be named in all; who names one more is told so."""
    ids = [f"rival_{n}" for n in range(25)]
    config = tmp_path / "ecosystem.toml"
    subjects = {name: {"github": f"{name}/{name}"} for name in ids}
    comparisons = [ids[:12], ids[10:24]]

    def written(comparisons: list[list[str]]) -> str:
        told = [
            {"id": f"question_{n}", "question": "Which?", "subjects": names}
            for n, names in enumerate(comparisons)
        ]
        return f"{configuration(**subjects)}\n{tomlkit.dumps({'comparisons': told})}"

    config.write_text(written(comparisons))
    assert len(read_ecosystem(config).comparisons) == 2
    config.write_text(written([*comparisons, ids[23:]]))
    told = r"comparisons\.3\.subjects: found 25 subjects up to here in all comparisons, expected 24: no more"
    with pytest.raises(ConfigurationError, match=told):
        read_ecosystem(config)
