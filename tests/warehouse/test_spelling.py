"""How identifiers are spelled: ids of any name, and what a text in another spelling was meant to be."""

import pytest

from warehouse.config.catalog import catalog
from warehouse.config.spelling import ID, Spelling, subject_id

REPOSITORY, PACKAGE, TAG, ARTICLE = (
    catalog()[source_id].identifier.spelling for source_id in ("github", "pypi", "stackoverflow", "wikipedia")
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("PyTorch", "pytorch"),
        ("scikit-learn", "scikit_learn"),
        ("Node.js", "node_js"),
        ("C", "c"),
        ("C++", "c_plus_plus"),
        ("C#", "c_sharp"),
        (".NET", "dot_net"),
        ("AT&T", "at_and_t"),
        ("2to3", "n_2to3"),
        ("7", "n_7"),
        ("٣", "n_3"),
        ("Élan", "elan"),
        ("E\u0301lan", "elan"),
        ("Øresund", "oresund"),
        ("ﬂask", "flask"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Яндекс", "yaendeiekaes"),
        ("λ", "lamda"),
        ("データ", "deta"),
        ("데이터", "deiteo"),
        ("飞桨", "u98de_u6868"),
        ("飞桨 2", "u98de_u6868_2"),
        ("🔥 Fire", "fire"),
        ("🔥", "u1f525"),
        ("***", "u2a_u2a_u2a"),
        ("x" * 80, "x" * 40),
        ("飞" * 80, "_".join(["u98de"] * 6)),
        (" ", "subject"),
    ],
)
def test_a_name_of_any_script_has_an_id(name: str, told: str):
    """Readable where it can be, the same each time, and such as the configuration takes."""
    assert subject_id(name) == told
    assert ID.fits(told)


def test_whatever_sign_a_name_has_it_makes_an_id():
    """Each sign of Unicode's first plane; alone it must not come out empty either."""
    wrong = [hex(number) for number in range(0x10000) if not ID.fits(subject_id(chr(number)))]

    assert wrong == []


@pytest.mark.parametrize(
    ("spelling", "right"),
    [
        (ID, ["a", "c_plus_plus", "a__b", "a_", "x" * 40]),
        (REPOSITORY, ["pytorch/pytorch", "vercel/next.js", "a/.net", "o_acme/n", "repos/repos"]),
        (PACKAGE, ["torch", "2to3", "flask-sqlalchemy"]),
        (TAG, ["c", "c++", ".net", "c#", "f#-3.0", "2to3", "google-cloud-platform"]),
        (
            ARTICLE,
            ["PyTorch", "Google_JAX", "TCP/IP", "C++", ".NET", "R_(programming_language)", "Élan", "2to3"],
        ),
        (ARTICLE, ["ßx", "飞桨", "Who's_Afraid?", "100%", "ქართული", "Ⅷ", "..._and_others", "A:B"]),
    ],
)
def test_what_is_spelled_right_stays(spelling: Spelling, right: list[str]):
    """It is returned as it is."""
    assert [spelling.require(text) for text in right] == right


@pytest.mark.parametrize(
    ("spelling", "text", "meant"),
    [
        (ID, "Foo-Bar", "foo_bar"),
        (ID, "C++", "c_plus_plus"),
        (ID, "2to3", "n_2to3"),
        (ID, "x" * 41, "x" * 40),
        *(
            (REPOSITORY, text, "pytorch/pytorch")
            for text in (
                "https://github.com/pytorch/pytorch",
                "https://github.com/pytorch/pytorch.git",
                "https://github.com/pytorch/pytorch/tree/main/torch",
                "https://www.github.com/pytorch/pytorch/?tab=readme#install",
                "http://github.com/pytorch/pytorch/issues",
                "github.com/pytorch/pytorch",
                "git@github.com:pytorch/pytorch.git",
                "ssh://git@github.com/pytorch/pytorch.git",
                "git+https://github.com/pytorch/pytorch",
                "pytorch/pytorch.git",
                "/pytorch/pytorch/",
                " pytorch/pytorch ",
            )
        ),
        (PACKAGE, "zope.interface", "zope-interface"),
        (PACKAGE, "Flask_SQLAlchemy", "flask-sqlalchemy"),
        (PACKAGE, "x.-_y", "x-y"),
        (PACKAGE, "https://index.example/project/Flask-SQLAlchemy/3.1/", "flask-sqlalchemy"),
        (PACKAGE, "pypistats.org/packages/torch", "torch"),
        (PACKAGE, "torch[opt]==2.0", "torch"),
        (PACKAGE, "torch >= 2", "torch"),
        (PACKAGE, "pip install torch", "torch"),
        (TAG, "C++", "c++"),
        (TAG, "[C#]", "c#"),
        (TAG, "Google Cloud", "google-cloud"),
        (TAG, "scikit_learn", "scikit-learn"),
        (TAG, "https://stackoverflow.com/questions/tagged/c%2b%2b", "c++"),
        (TAG, "https://stackoverflow.com/questions/tagged/.net?tab=Newest", ".net"),
        (TAG, "stackoverflow.com/tags/pytorch/info", "pytorch"),
        (ARTICLE, "torch", "Torch"),
        (ARTICLE, "éclair", "Éclair"),
        (ARTICLE, "E\u0301lan", "Élan"),
        (ARTICLE, "R (programming language)", "R_(programming_language)"),
        (ARTICLE, "[[R (programming language)|R]]", "R_(programming_language)"),
        (ARTICLE, "https://en.wikipedia.org/wiki/PyTorch", "PyTorch"),
        (ARTICLE, "https://en.wikipedia.org/wiki/PyTorch#History", "PyTorch"),
        (ARTICLE, "https://en.m.wikipedia.org/wiki/C%2B%2B", "C++"),
        (ARTICLE, "en.wikipedia.org/wiki/TCP/IP", "TCP/IP"),
        (ARTICLE, "https://en.wikipedia.org/w/index.php?title=PyTorch&oldid=3", "PyTorch"),
        (ARTICLE, "C%2B%2B", "C++"),
    ],
)
def test_what_is_spelled_otherwise_is_told_the_right_way(spelling: Spelling, text: str, meant: str):
    """Found, expected in words, and what to write."""
    with pytest.raises(ValueError) as error:
        spelling.require(text)

    assert str(error.value) == f"found {text!r}, expected {spelling.expected}: write {meant}"


@pytest.mark.parametrize(
    ("spelling", "wrong"),
    [
        (
            REPOSITORY,
            ["pytorch", "a/b/c", "a/..", "a b/c", "https://gitlab.com/a/b", "https://gist.github.com/a/b"],
        ),
        (REPOSITORY, ["https://github.com/pytorch", "", "/", "飞桨/飞桨"]),
        (PACKAGE, ["C++", "C#", "飞桨", "a b", "_", ""]),
        (TAG, ["飞桨", "R (language)", ".", "+", "", "https://stackoverflow.com/questions/1"]),
        (ARTICLE, ["C#", "a|b", "A[1]", "..", "A/../B", "https://de.wikipedia.org/wiki/PyTorch", ""]),
        (
            ARTICLE,
            ["de.wikipedia.org/wiki/PyTorch", "https://en.wikipedia.org/", "https://example.org/wiki/A"],
        ),
    ],
)
def test_what_cannot_be_told_is_not_guessed(spelling: Spelling, wrong: list[str]):
    """C# is not C, and another site's page is none of this one's."""
    for text in wrong:
        with pytest.raises(ValueError) as error:
            spelling.require(text)
        assert str(error.value) == f"found {text!r}, expected {spelling.expected}"


def test_a_subjects_name_tells_its_capitals():
    """Where nothing else is wrong."""
    with pytest.raises(ValueError, match=r": write PyTorch$"):
        ARTICLE.require("pytorch", "PyTorch")
    with pytest.raises(ValueError, match=r": write Torch$"):
        ARTICLE.require("torch", "PyTorch")
