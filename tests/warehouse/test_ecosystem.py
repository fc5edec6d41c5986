"""The configuration: what is accepted, and how a mistake is told."""

from datetime import date
from pathlib import Path

import pytest

from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.subject import Identifier
from warehouse.config.tool import placed
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]

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
    return read_ecosystem(file)


def test_the_shipped_configuration_is_valid():
    """The file in the repository names the two frameworks, each with a colour of its own."""
    ecosystem = read_ecosystem(ROOT / "ecosystem.toml")

    assert [subject.id for subject in ecosystem.subjects] == ["pytorch", "tensorflow"]
    assert ecosystem.colors() == {"pytorch": "#d55e00", "tensorflow": "#0072b2"}


def test_identifiers_are_told_by_source(tmp_path: Path):
    """A subject without an identifier at a source has none there."""
    one, two = read(tmp_path, GOOD).subjects

    assert one.identifiers("pypi") == ("one", "one-gpu")
    assert one.identifiers("github") == ("one/one",)
    assert two.identifiers("github") == ()


FAMILY = """\
pypi = [
    "one",
    # The same with another engine, withdrawn later.
    { package = "one-gpu", since = 2017-02-01, until = 2022-12-31, note = "Withdrawn." },
    { package = "one-windows", within = "one" },
]"""


def test_a_family_says_which_packages_count_and_when(tmp_path: Path):
    """A name alone counts always; another one within its days, or never, as part of a sibling."""
    one, _ = read(tmp_path, GOOD.replace('pypi = ["one", "one-gpu"]', FAMILY)).subjects

    assert one.identifiers("pypi") == ("one", "one-gpu", "one-windows")
    assert one.dated_identifiers("pypi") == (
        ("one", None, None, None),
        ("one-gpu", date(2017, 2, 1), date(2022, 12, 31), None),
        ("one-windows", None, None, "one"),
    )
    assert [package.note for package in one.pypi] == [None, "Withdrawn.", None]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"one-gpu"', '"one_gpu"', 10, "subjects.1.pypi.2.package: found 'one_gpu', expected a package's"),
        ("until", "untill", 10, "subjects.1.pypi.2.untill: unknown key, expected one of package, since"),
        (
            "2022-12-31",
            "2017-02-01",
            10,
            "subjects.1.pypi.2.until: found 2017-02-01, expected a day after 2017-02-01",
        ),
        (
            'within = "one"',
            'within = "two"',
            7,
            "found one-windows within two, expected one that is counted by itself: one, one-gpu",
        ),
        (
            'package = "one-windows", ',
            'package = "one", ',
            7,
            "found packages one, one-gpu, one, expected each",
        ),
        ('"one-gpu",', '"one-gpu", within = "one-windows",', 7, "found one-gpu within one-windows, expected"),
        ('"one",', "1,", 8, "subjects.1.pypi.1: found 1; Input should be a valid dictionary"),
    ],
)
def test_a_mistake_in_a_family_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
):
    """The line of the entry, or of the list where it is the list that is wrong."""
    assert FAMILY.count(old) >= 1
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, GOOD.replace('pypi = ["one", "one-gpu"]', FAMILY.replace(old, new, 1)))

    assert f"ecosystem.toml:{line}: " in str(error.value)
    assert message in str(error.value)


ARTICLES = """\
wikipedia = [
    { article = "Old_title", until = 2026-10-11, note = "Moved." },
    { article = "New_title", since = 2026-10-12 },
]"""


def test_an_articles_titles_are_one_history(tmp_path: Path):
    """One name, or several with the days on which each counts; a title alone counts always."""
    _, two = read(tmp_path, GOOD.replace('name = "Two"', f'name = "Two"\n{ARTICLES}')).subjects
    assert two.dated_identifiers("wikipedia") == (
        ("Old_title", None, date(2026, 10, 11), None),
        ("New_title", date(2026, 10, 12), None, None),
    )
    assert [article.note for article in two.wikipedia] == ["Moved.", None]

    for written in ('"Title"', '["Title"]', '{ article = "Title" }', '[{ article = "Title" }]'):
        _, two = read(tmp_path, GOOD.replace('name = "Two"', f'name = "Two"\nwikipedia = {written}')).subjects
        assert two.dated_identifiers("wikipedia") == (("Title", None, None, None),)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("since", "from", 14, "subjects.2.wikipedia.2.from: unknown key, expected one of article, since"),
        ("2026-10-11", "2026-13-11", 13, "not valid TOML"),
        (
            "until = 2026-10-11",
            "since = 2026-10-11, until = 2026-10-11",
            13,
            "subjects.2.wikipedia.1.until: found 2026-10-11, expected a day after 2026-10-11",
        ),
        ("New_title", "Old_title", 12, "found articles Old_title, Old_title, expected each once"),
        (
            '"New_title"',
            '"New title"',
            14,
            "subjects.2.wikipedia.2.article: found 'New title', expected a title",
        ),
        (" since", ' within = "Old_title", since', 14, "subjects.2.wikipedia.2.within: unknown key"),
    ],
)
def test_a_mistake_in_the_articles_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
):
    """The line of the entry, or of the list where it is the list that is wrong."""
    assert ARTICLES.count(old) == 1
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, GOOD.replace('name = "Two"', f'name = "Two"\n{ARTICLES.replace(old, new)}'))

    assert message in str(error.value)
    assert f"ecosystem.toml:{line}: " in str(error.value) or f"at line {line}" in str(error.value)


def test_two_count_together_only_on_a_day_they_share():
    """Up to the last day and from the first, both included; one within another counts for neither."""
    always, old = Identifier("a"), Identifier("a", None, date(2026, 10, 11))

    assert always.counts_beside(old) and old.counts_beside(always)
    assert old.counts_beside(Identifier("a", date(2026, 10, 11)))
    assert not old.counts_beside(Identifier("a", date(2026, 10, 12)))
    assert not always.counts_beside(Identifier("a", within="b"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('id = "Two-2"', "id: found 'Two-2', expected a small letter a to z, then such letters, digits and"),
        ('id = "Two-2"', ": write two_2"),
        ('github = "https://github.com/two/two.git"', "as in its address at github.com: write two/two"),
        ('pypi = ["two", "zope.interface"]', "pypi.2: found 'zope.interface', expected a package's name"),
        ('pypi = ["two", { package = "Two_2" }]', "pypi.2.package: found 'Two_2', expected a package's"),
        ('pypi = "Flask_SQLAlchemy"', "single dashes between): write flask-sqlalchemy"),
        ('stackoverflow = "[C++]"', "(small letters, digits and + # . -): write c++"),
        ('wikipedia = "two"', "none of # < > [ ] { } |): write Two"),
        ('wikipedia = "tWo"', "none of # < > [ ] { } |): write Two"),
    ],
)
def test_an_identifier_in_another_spelling_is_told_the_right_one(tmp_path: Path, line: str, message: str):
    """As the source writes it, or where only the capitals are wrong, as the subject is named."""
    key = line.partition(" ")[0]
    text = (
        GOOD.replace('id = "two"', line)
        if key == "id"
        else GOOD.replace('name = "Two"', f'name = "Two"\n{line}')
    )
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, text)

    assert message in str(error.value)


def test_a_contact_may_be_told(tmp_path: Path):
    """An e-mail address or a URL; a mistake is told with its line."""
    assert read(tmp_path, GOOD).contact is None
    assert read(tmp_path, f'contact = "ops@example.org"\n{GOOD}').contact == "ops@example.org"

    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, f'# Ours.\ncontact = "somebody"\n{GOOD}')
    assert "ecosystem.toml:2: contact: found 'somebody', expected an e-mail address" in str(error.value)


EXPECT = """\
[sources.github]
expected_lag_days = 2

[sources.github.expect.star_history_share]
at_least = 0.95
at_most = 1.02
reason = "The history may be a little lower."
"""


def expecting(expect: str) -> str:
    return GOOD.replace("[sources]\ngithub = { expected_lag_days = 2 }\n", expect)


def test_an_expectation_has_bounds_and_a_reason(tmp_path: Path):
    """Both bounds, or one; a source without expectations has none."""
    expected = read(tmp_path, expecting(EXPECT)).sources["github"].expect["star_history_share"]
    assert (expected.at_least, expected.at_most) == (0.95, 1.02)
    assert expected.reason == "The history may be a little lower."

    text = expecting(EXPECT.replace("at_most = 1.02\n", ""))
    assert read(tmp_path, text).sources["github"].expect["star_history_share"].at_most is None
    assert read(tmp_path, GOOD).sources["github"].expect == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "star_history_share",
            "days_told",
            16,
            "sources.github.expect: found 'days_told', expected one of star_history_share",
        ),
        ('reason = "The history may be a little lower."', "", 16, "reason: found nothing, expected a value"),
        ("at_least = 0.95\nat_most = 1.02\n", "", 16, "found no bound, expected at_least, at_most or both"),
        ("0.95", "1.5", 16, "found at_least 1.5 above at_most 1.02"),
        ("0.95", "nan", 17, "at_least: found nan; Input should be a finite number"),
        ("at_least", "atleast", 17, "atleast: unknown key, expected one of at_least, at_most, reason"),
    ],
)
def test_a_mistake_in_an_expectation_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
):
    """An unknown expectation above all: nothing would ever look at it."""
    assert EXPECT.count(old) == 1
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, expecting(EXPECT.replace(old, new)))

    assert f"ecosystem.toml:{line}: " in str(error.value)
    assert message in str(error.value)


def test_there_may_be_more_terms_than_google_compares(tmp_path: Path):
    """Their figures come from exports of the website; that Google is not asked is told when collecting."""
    subjects = "".join(
        f'[[subjects]]\nid = "s{n}"\nname = "S"\ngoogle_trends = "term {n}"\n' for n in range(6)
    )
    sources = "[sources]\ngithub = { expected_lag_days = 2 }\n"
    assert len(read(tmp_path, f'question = "Which?"\n{subjects}{sources}').subjects) == 6


def many(count: int, line: str = "") -> str:
    subjects = "".join(f'[[subjects]]\nid = "s{n}"\nname = "S"\n{line}\n' for n in range(count))
    return f'question = "Which?"\n{subjects}[sources]\ngithub = {{ expected_lag_days = 2 }}\n'


def test_ten_thousand_subjects_have_room(tmp_path: Path):
    """One more is told in one line; twenty-four have a colour each, which the place in the file decides."""
    colors = read(tmp_path, many(10_000)).colors()
    assert len(colors) == 10_000
    assert len(set(list(colors.values())[:24])) == 24
    assert colors["s24"] == colors["s0"]

    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, many(10_001))
    told = "found 10,001, expected at least one and at most 10,000"
    assert str(error.value) == f"{tmp_path}/ecosystem.toml:2: subjects: {told}"


def test_of_many_mistakes_the_first_are_told(tmp_path: Path):
    """A key that is wrong in every subject is no thousand lines."""
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, many(1000, 'gihtub = "one/one"'))
    lines = str(error.value).splitlines()

    assert len(lines) == 21
    assert "ecosystem.toml:5: subjects.1.gihtub: unknown key" in lines[0]
    assert lines[-1] == "and 980 more"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('name = "One"', 'nome = "One"', 5, "subjects.1.nome: unknown key, expected one of id, name"),
        ('name = "Two"', "name = 2", 11, "subjects.2.name: found 2; Input should be a valid string"),
        (
            'github = "one/one"',
            'github = "one"',
            6,
            "subjects.1.github: found 'one', expected owner/name, as",
        ),
        (
            'name = "Two"',
            'name = "2"\nwikipedia = "a b"',
            12,
            "subjects.2.wikipedia: found 'a b', expected a title at en.wikipedia.org",
        ),
        ('name = "Two"', 'name = "2"\nwikipedia = "torch"', 12, "wikipedia: found 'torch', expected a title"),
        ("expected_lag_days = 2", "expected_lag_days = -1", 14, "found -1; Input should be greater"),
        ("expected_lag_days = 2", 'expected_lag = "2"', 14, "expected_lag: unknown key"),
        (
            "github = {",
            "gitlab = {",
            14,
            "sources: found 'gitlab', expected one of anaconda, ",
        ),
        ('id = "two"', 'id = "one"', 3, "found subject ids one 2 times, expected each once"),
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
        read_ecosystem(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError, match=r"ecosystem.toml: not valid TOML: "):
        read(tmp_path, "question = ")


TOOLS = """
[[tools]]
id = "board"
name = "Board"
theme = "looking"
subject = "one"
pypi = [
    { package = "board", within = "one" },
    { package = "board-data", within = "board" },
]

[[tools]]
id = "runs"
name = "Runs"
theme = "tracking"
pypi = "runs"
"""


def test_tools_are_called_something_where_packages_are(tmp_path: Path):
    """Beside the subjects, at no source that calls subjects as another does, and in no colour."""
    ecosystem = read(tmp_path, GOOD + TOOLS)
    board, runs = ecosystem.tools

    assert (board.theme, board.subject, runs.subject) == ("looking", "one", None)
    assert runs.identifiers("pypi") == ("runs",)
    assert [
        tool.identifiers(source) for tool in (board, runs) for source in ("github", "dependents")
    ] == 4 * [()]
    assert [one.id for one in ecosystem.called_at("pypi")] == ["one", "two", "board", "runs"]
    assert [one.id for one in ecosystem.called_at("github")] == ["one", "two"]
    assert ecosystem.colors().keys() == {"one", "two"}
    assert list(placed(board, "pypi")) == [
        (Identifier("board"), "one"),
        (Identifier("board-data", within="board"), None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('subject = "one"', 'subject = "uno"', 20, "tools.1.subject: found 'uno', expected one of one, two"),
        (
            'within = "one"',
            'within = "uno"',
            22,
            "tools.1.pypi.1.within: found board within uno, expected one that this tool counts by itself, "
            "or one of a subject: one, one-gpu",
        ),
        (
            'within = "board"',
            'within = "board-data"',
            23,
            "found board-data within board-data, expected one that",
        ),
        ('"board-data"', '"board"', 21, "tools.1.pypi: found packages board, board, expected each once"),
        ('theme = "tracking"', "", 26, "tools.2.theme: found nothing, expected a value here"),
        (
            'pypi = "runs"',
            'github = "runs/runs"',
            30,
            "tools.2.github: unknown key, expected one of id, name, theme",
        ),
        ('pypi = "runs"', "", 26, "tools.2: found runs without a name at any source, expected pypi"),
        ('id = "runs"', 'id = "two"', 3, "found ids of subjects and tools two 2 times, expected each once"),
    ],
)
def test_a_mistake_in_a_tool_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
):
    """The entry, the field, what was found and what was expected."""
    assert TOOLS.count(old) >= 1
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, GOOD + TOOLS.replace(old, new, 1))

    assert message in str(error.value)
    assert f"ecosystem.toml:{line}: " in str(error.value)


def test_a_theme_has_as_many_tools_as_a_chart_has_colours(tmp_path: Path):
    """The ninth is refused, where it says its theme."""
    tool = '\n[[tools]]\nid = "t{0}"\nname = "T"\ntheme = "t"\npypi = "t{0}"\n'
    assert len(read(tmp_path, GOOD + "".join(tool.format(n) for n in range(8))).tools) == 8
    with pytest.raises(
        ConfigurationError, match=r"tools\.9\.theme: found more than 8 tools of the theme 't'"
    ):
        read(tmp_path, GOOD + "".join(tool.format(n) for n in range(9)))
