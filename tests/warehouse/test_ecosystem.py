"""The configuration: what is accepted, and how a mistake is told."""

from pathlib import Path

import pytest

from warehouse.ecosystem import read_ecosystem
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("github", "pypi")

GOOD = """\
question = "Which?"

[[subjects]]
id = "one"
name = "One"
github = "one/one"
pypi = ["one", "one-gpu"]

[[subjects]]
id = "two"
name = "Two"

[sources]
github = { expected_lag_days = 2 }
"""


def read(tmp_path: Path, text: str):
    file = tmp_path / "ecosystem.toml"
    file.write_text(text)
    return read_ecosystem(file, SOURCES)


def test_the_shipped_configuration_is_valid():
    """The file in the repository names the two frameworks, each with a colour of its own."""
    known = ("github", "pypi", "stackoverflow", "google_trends", "wikipedia")
    ecosystem = read_ecosystem(ROOT / "ecosystem.toml", known)

    assert [subject.id for subject in ecosystem.subjects] == ["pytorch", "tensorflow"]
    assert ecosystem.colors() == {"pytorch": "#d55e00", "tensorflow": "#0072b2"}


def test_identifiers_are_told_by_source(tmp_path: Path):
    """A subject without an identifier at a source has none there."""
    one, two = read(tmp_path, GOOD).subjects

    assert one.identifiers("pypi") == ("one", "one-gpu")
    assert one.identifiers("github") == ("one/one",)
    assert two.identifiers("github") == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('name = "One"', 'nome = "One"', 5, "subjects.1.nome: unknown key, expected one of id, name"),
        ('name = "Two"', "name = 2", 11, "subjects.2.name: found 2; Input should be a valid string"),
        ('github = "one/one"', 'github = "one"', 6, "subjects.1.github: found 'one'; String should match"),
        (
            'name = "Two"',
            'name = "2"\nwikipedia = "a b"',
            12,
            "subjects.2.wikipedia: found 'a b'; String should",
        ),
        ('name = "Two"', 'name = "2"\nwikipedia = "torch"', 12, "wikipedia: found 'torch'; String should"),
        ("expected_lag_days = 2", "expected_lag_days = -1", 14, "found -1; Input should be greater"),
        ("expected_lag_days = 2", 'expected_lag = "2"', 14, "expected_lag: unknown key"),
        ("github = {", "gitlab = {", 14, "sources: found 'gitlab', expected one of github, pypi"),
        ('id = "two"', 'id = "one"', 3, "found subject ids one, one, expected each once"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str):
    """An error names file and line, what was found and what was expected."""
    assert GOOD.count(old) >= 1
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, GOOD.replace(old, new))

    assert f"ecosystem.toml:{line}: " in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize("title", ["PyTorch", "Google_JAX", "TCP/IP", "R_(programming_language)", "Élan"])
def test_an_article_is_named_as_in_its_address(tmp_path: Path, title: str):
    """With underscores, and whatever signs titles have."""
    _, two = read(tmp_path, GOOD.replace('name = "Two"', f'name = "Two"\nwikipedia = "{title}"')).subjects

    assert two.identifiers("wikipedia") == (title,)


def test_a_missing_file_and_broken_toml_are_told(tmp_path: Path):
    """Neither gives a traceback, both name the file."""
    with pytest.raises(ConfigurationError, match=r"none.toml: No such file"):
        read_ecosystem(tmp_path / "none.toml", SOURCES)
    with pytest.raises(ConfigurationError, match=r"ecosystem.toml: not valid TOML: "):
        read(tmp_path, "question = ")
