"""Verifying: what each source says of an identifier, right, wrong or unasked. Nothing is archived."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.commands.identifiers import resolve, verify
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.sources import source_ids
from flows.sources.identity import Finding, Named, Verdict, load_identity, named
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.config.spelling import subject_id
from warehouse.config.subject import Identifier, Subject

# Stack Overflow's totals end in the demo a month after its figures.
JUNE_2023 = datetime(2023, 6, 2, 6, tzinfo=UTC)


@pytest.fixture
def early(at_server: Settings, server: DemoServer) -> Settings:
    """Settings at the demo's server, at a time at which it answers for all sources."""
    server.now = JUNE_2023
    return at_server


@pytest.fixture
def in_catalogue(settings: Settings, catalogue) -> Settings:
    """Settings at a server of which a test says what it knows, in June 2023."""
    urls = dict.fromkeys(PUBLIC_URLS, catalogue.url)
    return replace(settings, urls=urls, clock=lambda: JUNE_2023, demo=True)


def called(subject: str, name: str, *dates: date | None) -> Named:
    """An identifier of a subject of this name, from and to which day it counts."""
    return Named(Subject(id=subject_id(subject), name=subject), Identifier(name, *dates))


def found(source_id: str, settings: Settings, *asked: tuple[str, str]) -> list[tuple[str | None, str, str]]:
    """What was found of each subject and identifier: identifier, verdict, words."""
    findings = verify(source_id, [called(*each) for each in asked], settings)
    told = [f for f in findings if f.verdict is not Verdict.SHARED]
    assert [(f.source_id, f.subject) for f in told] == [(source_id, subject) for subject, _ in asked]
    return [(f.identifier, f.verdict, f.words) for f in told]


def test_every_source_can_be_asked():
    """Each has a module that offers what verifying needs."""
    for source_id in source_ids():
        identity = load_identity(source_id)
        assert all(callable(part) for part in (identity.confirm, identity.search, identity.guess))


@pytest.mark.parametrize(
    ("source_id", "identifier", "words"),
    [
        ("github", "pytorch/pytorch", "67,410 stars"),
        ("pypi", "torch", "10,082,857 downloads in the last month"),
        ("stackoverflow", "pytorch", "26,750 questions"),
        ("wikipedia", "PyTorch", "42,235 views in the last 30 days"),
    ],
)
def test_a_right_identifier_is_confirmed_with_a_figure(early, source_id, identifier, words):
    """The figure tells a reader whether it is the one that was meant."""
    assert found(source_id, early, ("PyTorch", identifier)) == [(identifier, "ok", words)]
    assert not early.archive.exists()


def test_a_package_without_a_known_month_is_right_all_the_same(at_server, server):
    """At the end of July 2024 the days of June and July are not known, those before are."""
    server.now = datetime(2024, 7, 30, 6, tzinfo=UTC)

    assert found("pypi", at_server, ("PyTorch", "torch")) == [("torch", "ok", "known, its last month is not")]


@pytest.mark.parametrize(
    ("source_id", "subject", "identifier", "words"),
    [
        (
            "github",
            "PyTorch",
            "pytorch/pytroch",
            "HTTP 404, expected 200: Not Found; perhaps pytorch/pytorch",
        ),
        ("github", "Keras", "keras/k", "HTTP 404, expected 200: Not Found; perhaps keras-team/keras"),
        ("github", "JAX", "google/jax", "renamed, it is jax-ml/jax now"),
        (
            "pypi",
            "TensorFlow",
            "tensorflow-gpuu",
            "no downloads in the last 180 days, or no such package; perhaps tensorflow-gpu or",
        ),
        ("stackoverflow", "Keras", "keras-2", "no such tag; perhaps keras"),
        ("stackoverflow", "TensorFlow", "tf", "no such tag; perhaps tensorflow"),
        (
            "wikipedia",
            "TensorFlow",
            "Tensorflow",
            "there are no views of this article in them; perhaps Tensor",
        ),
    ],
)
def test_a_wrong_identifier_is_told_with_suggestions(early, source_id, subject, identifier, words):
    """Near names that are known, and what the source's own search finds for the subject."""
    ((told, verdict, said),) = found(source_id, early, (subject, identifier))

    assert (told, verdict) == (identifier, Verdict.WRONG)
    assert words in said


def test_nothing_near_is_no_suggestion(early):
    """An identifier like no other, of a subject that no search finds."""
    assert found("github", early, ("Zzz", "qqqq/xxxx")) == [
        ("qqqq/xxxx", "wrong", "HTTP 404, expected 200: Not Found")
    ]


def test_a_search_that_fails_takes_only_the_suggestions(early, server):
    """The identifier is wrong all the same."""
    server.faults = [Planned("403-primary", 1, lasts=9, prefix="/search")]

    assert found("github", early, ("Keras", "qqqq/xxxx")) == [
        ("qqqq/xxxx", "wrong", "HTTP 404, expected 200: Not Found")
    ]


def test_a_term_cannot_be_verified(early):
    """It is said in words, and Google is not asked."""
    ((_, verdict, words),) = found("google_trends", early, ("PyTorch", "pytorch"))

    assert verdict is Verdict.UNVERIFIABLE
    assert words.startswith("Google confirms no term: see at trends.google.com")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "HTTP 429, expected 200: <html>Too Many Requests</html>"),
        ("403-secondary", "HTTP 403, expected 200: You have exceeded a secondary rate limit."),
        ("401", "HTTP 401, expected 200: Bad credentials"),
        ("html", "found text/html, expected JSON: <html> <title>Before you continue</title> </html>"),
        ("moved-away", "HTTP 302, expected 200, moved to https://elsewhere.example"),
    ],
)
@pytest.mark.parametrize(
    ("source_id", "names"),
    [
        ("github", ("pytorch/pytorch", "keras-team/keras", "jax-ml/jax")),
        ("pypi", ("torch", "keras", "jax")),
        ("stackoverflow", ("pytorch", "keras", "tensorflow")),
        ("wikipedia", ("PyTorch", "Keras", "TensorFlow")),
    ],
)
def test_a_source_that_stops_answering_leaves_the_others_unasked(
    early, server, source_id, names, fault, words
):
    """A limit, a refusal, another kind of answer: what was confirmed stands, and nobody asks on."""
    server.faults = [Planned(fault, 2, lasts=99)]
    findings = found(source_id, early, *(("S", name) for name in names))

    assert [verdict for _, verdict, _ in findings] == ["ok", "not asked", "not asked"]
    assert {said for _, _, said in findings[1:]} == {words}
    assert len(server.requests) == 2


def test_any_number_of_names_may_be_wrong_but_a_wrong_way_of_asking_ends_it(early, server, faulty):
    """Twelve unknown packages are twelve findings; who refuses to be asked like this is asked three times."""
    names = [("S", f"no-such-package-{number}") for number in range(12)]
    assert {verdict for _, verdict, _ in found("pypi", early, *names)} == {"wrong"}
    assert len(server.requests) == 2 * 12

    refusing = faulty(status=400, body=b"<h1>Bad Request</h1>")
    findings = found("pypi", replace(early, urls=dict.fromkeys(PUBLIC_URLS, refusing.url)), *names)
    assert [verdict for _, verdict, _ in findings] == ["wrong"] * 2 + ["not asked"] * 10
    assert findings[-1][2] == "refused alike 3 times in a row: HTTP 400, expected 200: <h1>Bad Request</h1>"
    assert len(refusing.paths) == 3


def test_nobody_there_is_told(early):
    """A connection refused."""
    settings = replace(early, urls=dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1"))
    ((_, verdict, words),) = found("github", settings, ("PyTorch", "pytorch/pytorch"))

    assert verdict is Verdict.UNASKED
    assert words.startswith("no answer from 127.0.0.1:1: ")


@pytest.mark.parametrize(
    ("source_id", "body", "words"),
    [
        (
            "pypi",
            b'{"package": "jax", "type": "recent_downloads", "data": {"last_month": 1}}',
            "found package jax",
        ),
        ("stackoverflow", b'{"items": [{"name": "torch"}]}', "items.0.count: found nothing there"),
        ("github", b'{"id": 1, "full_name": "a/b"}', "stargazers_count: found nothing there"),
    ],
)
def test_an_answer_to_something_else_confirms_nothing(early, faulty, source_id, body, words):
    """What is not of the promised shape, or about another package, is no answer."""
    settings = replace(early, urls=dict.fromkeys(PUBLIC_URLS, faulty(body=body).url))
    ((_, verdict, said),) = found(source_id, settings, ("S", "torch"))

    assert verdict is Verdict.UNASKED
    assert words in said


def test_a_repository_is_the_same_in_capitals(early, faulty):
    """GitHub answers for a name in any letters, and does not call that a rename."""
    told = '{"id": 1, "full_name": "pytorch/pytorch", "stargazers_count": 7, "forks_count": 0, '
    body = (told + '"open_issues_count": 0, "subscribers_count": 0}').encode()
    settings = replace(early, urls=dict.fromkeys(PUBLIC_URLS, faulty(body=body).url))

    assert found("github", settings, ("S", "PyTorch/PyTorch")) == [("PyTorch/PyTorch", "ok", "7 stars")]


def test_a_synonym_is_not_the_tag(early, faulty):
    """StackExchange answers with the tag that it stands for."""
    body = b'{"items": [{"name": "pytorch", "count": 5}], "quota_remaining": 9}'
    settings = replace(early, urls=dict.fromkeys(PUBLIC_URLS, faulty(body=body).url))

    assert found("stackoverflow", settings, ("PyTorch", "torch")) == [
        ("torch", "wrong", "a synonym, the tag is pytorch")
    ]


def test_a_backoff_is_obeyed(early, faulty):
    """A pause longer than a command should wait ends the asking."""
    server = faulty(body=b'{"items": [{"name": "a", "count": 5}], "backoff": 600}')
    settings = replace(early, urls=dict.fromkeys(PUBLIC_URLS, server.url))
    findings = found("stackoverflow", settings, ("A", "a"), ("B", "b"))

    assert findings == [
        ("a", "ok", "5 questions"),
        ("b", "not asked", "not asked: the service asks to wait 600 s"),
    ]
    assert len(server.paths) == 1


def test_credentials_are_sent_and_told_to_nobody(early, server, faulty):
    """Both in a header, neither in an address or a finding."""
    settings = replace(early, credentials={"GITHUB_TOKEN": "gh-secret", "STACKEXCHANGE_KEY": "so-secret"})
    for source_id in ("github", "stackoverflow"):
        assert "secret" not in str(found(source_id, settings, ("PyTorch", "pytorchh")))
    assert not [exchange for exchange in server.requests if "secret" in exchange.path]

    hearing = faulty(body=b'{"items": [{"name": "a", "count": 5}]}')
    urls = dict.fromkeys(PUBLIC_URLS, hearing.url)
    for source_id in ("github", "stackoverflow"):
        found(source_id, replace(settings, urls=urls), ("A", "a"))
    assert [sent["Authorization"] for sent in hearing.headers] == ["Bearer gh-secret", "Bearer so-secret"]


@pytest.mark.parametrize(
    ("source_id", "name", "identifier", "words"),
    [
        ("github", "PyTorch", "pytorch/pytorch", "by its name, so see that it is the same: 67,410 stars"),
        ("pypi", "Keras", "keras", "by its name, so see that it is the same: 9,721,415 downloads"),
        ("stackoverflow", "PyTorch", "pytorch", "by its name, so see that it is the same: 26,750 questions"),
        ("wikipedia", "keras", "Keras", "by its name, so see that it is the same: 12,185 views"),
    ],
)
def test_a_name_leads_to_its_identifier(early, source_id, name, identifier, words):
    """What the source confirms, and that it was found by nothing but the name."""
    finding = resolve(source_id, name, early)

    assert (finding.identifier, finding.verdict) == (identifier, Verdict.RIGHT)
    assert finding.words.startswith(words)


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("github", "no repository is called so"),
        ("pypi", "no downloads in the last 180 days, or no such package"),
        ("stackoverflow", "no such tag"),
        ("google_trends", "names mean other things too: give a term that does not"),
        (
            "wikipedia",
            "HTTP 404, expected 200: The dates are valid, but there are no views of this article in them",
        ),
    ],
)
def test_a_name_that_is_unknown_is_left_out(early, source_id, words):
    """With what the source says of it."""
    assert resolve(source_id, "Theano", early) == Finding(source_id, "Theano", None, Verdict.LEFT_OUT, words)


def test_a_repository_must_be_called_just_so(early):
    """One that only has the name in its own is another project."""
    assert resolve("github", "torch", early).verdict is Verdict.LEFT_OUT


def test_a_name_is_not_looked_for_where_nobody_answers(early, server):
    """That is no reason to leave it out for good, so it is told apart."""
    server.faults = [Planned("429", 1, lasts=9)]

    assert resolve("github", "Keras", early).verdict is Verdict.UNASKED


@pytest.mark.parametrize(
    ("source_id", "name", "words"),
    [
        ("github", "C++", "no repository can be called so: a name has letters, digits and . _ - alone"),
        ("pypi", "C#", "no package can be called so: a name has letters, digits and . _ - alone, the first"),
        ("stackoverflow", "飞桨", "no tag can be called so: it has small letters, digits and + # . - alone"),
        ("wikipedia", "C#", "no article can be called so: a title has none of # < > [ ] { } |"),
    ],
)
def test_a_name_that_nothing_can_have_is_not_asked_for(in_catalogue, catalogue, source_id, name, words):
    """It is left out with the reason; what is left of it would be another thing's name."""
    finding = resolve(source_id, name, in_catalogue)

    assert (finding.identifier, finding.verdict) == (None, Verdict.LEFT_OUT)
    assert finding.words.startswith(words)
    assert catalogue.paths == []


def test_a_name_is_looked_for_as_it_is_written(in_catalogue, catalogue):
    """Where both c and c++ are known, and a repository with the name and one with a longer one."""
    catalogue.knows.tags = {tag: tag for tag in ("c", "c++", "c#", "net", ".net", "2to3", "google-cloud")}
    catalogue.knows.recent = {"c": 1, "net": 1, "2to3": 2}
    catalogue.knows.articles = dict.fromkeys(["C++", ".NET", "飞桨"], date(2023, 6, 1))
    catalogue.knows.repositories = {
        name: (1, name) for name in ("a/net-framework", "a/.NET", "b/google-cloud")
    }

    def identifiers(name: str) -> dict[str, str | None]:
        sources = ("github", "pypi", "stackoverflow", "wikipedia")
        return {source_id: resolve(source_id, name, in_catalogue).identifier for source_id in sources}

    nothing = dict.fromkeys(("github", "pypi", "stackoverflow", "wikipedia"))
    assert identifiers("C++") == nothing | {"stackoverflow": "c++", "wikipedia": "C++"}
    assert identifiers("C#") == nothing | {"stackoverflow": "c#"}
    assert identifiers(".NET") == nothing | {"github": "a/.NET", "stackoverflow": ".net", "wikipedia": ".NET"}
    assert identifiers("2to3") == nothing | {"pypi": "2to3", "stackoverflow": "2to3"}
    assert identifiers("飞桨") == nothing | {"wikipedia": "飞桨"}
    assert identifiers("Google Cloud") == nothing | {
        "github": "b/google-cloud",
        "stackoverflow": "google-cloud",
    }
    assert "a/net-framework" not in str(identifiers("NET"))


def test_a_package_without_recent_downloads_is_asked_for_half_a_year(in_catalogue, catalogue):
    """pypistats' /recent is a 404 then, which says nothing of the 150 days before."""
    catalogue.knows.overall = {"slow": 12}
    asked = [called("S", "slow"), called("S", "never"), called("S", "over", None, date(2022, 12, 31))]
    findings = verify("pypi", asked, in_catalogue)

    unknown = "no downloads in the last 180 days, or no such package"
    assert [(f.verdict, f.words) for f in findings] == [
        (Verdict.RIGHT, "12 downloads in the last 180 days, none in the last month"),
        (Verdict.WRONG, unknown),
        (Verdict.UNVERIFIABLE, f"{unknown}; it counts until 2022-12-31, of which nothing is kept"),
    ]
    assert catalogue.paths == [
        f"/api/packages/{package}/{told}"
        for package in ("slow", "never", "over")
        for told in ("recent", "overall")
    ]


def test_a_former_title_is_judged_by_the_days_on_which_it_counted(in_catalogue, catalogue):
    """It may well have no reader now; the new one is judged by the last days."""
    catalogue.knows.articles = {"Old": date(2023, 2, 27), "New": date(2023, 6, 1), "Older": date(2023, 1, 1)}
    until = date(2023, 2, 28)
    asked = [called("S", "Old", None, until), called("S", "New", until), called("S", "Older", None, until)]
    findings = verify("wikipedia", asked, in_catalogue)

    assert [(f.verdict, f.words.partition("; perhaps")[0]) for f in findings] == [
        (Verdict.RIGHT, "3 views in the 30 days to 2023-02-28"),
        (Verdict.RIGHT, "3 views in the last 30 days"),
        (Verdict.WRONG, "HTTP 404, expected 200: Not Found"),
    ]


SUBJECTS = [
    Subject(
        id="a",
        name="Alpha",
        github="vercel/next.js",
        pypi=("shared", {"package": "moved", "until": "2023-01-31"}, {"package": "part", "within": "shared"}),
        stackoverflow="torch",
        google_trends="Alpha",
        wikipedia=({"article": "Old", "until": "2023-01-31"}, "Alpha"),
    ),
    Subject(
        id="b",
        name="Beta",
        github="Vercel/Next.js",
        pypi=("shared", {"package": "moved", "since": "2023-02-01"}, "part"),
        stackoverflow="pytorch",
        google_trends="alpha",
        wikipedia=({"article": "Old", "since": "2023-01-31"}, "ALPHA"),
    ),
    Subject(id="c", name="Gamma", github="old/name", pypi=("other",), wikipedia="Gamma"),
    Subject(id="d", name="Delta", github="new/name", pypi=("shared",), wikipedia="Delta"),
]


@pytest.mark.parametrize(
    ("source_id", "told"),
    [
        # A rename, told by GitHub's id; and names in other letters, which are one there.
        (
            "github",
            [
                ("Alpha and Beta", "vercel/next.js and Vercel/Next.js"),
                ("Gamma and Delta", "old/name and new/name"),
            ],
        ),
        # Neither on days of their own nor within a sibling anything is counted twice.
        ("pypi", [("Alpha and Beta and Delta", "shared")]),
        ("stackoverflow", [("Alpha and Beta", "torch and pytorch")]),
        ("google_trends", [("Alpha and Beta", "Alpha and alpha")]),
        # Titles in other letters are two articles.
        ("wikipedia", [("Alpha and Beta", "Old")]),
    ],
)
def test_what_two_subjects_share_is_told(in_catalogue, catalogue, source_id, told):
    """With both names, and what it would mean."""
    next_js = (1, "vercel/next.js")
    catalogue.knows.repositories = {
        "vercel/next.js": next_js,
        "old/name": (2, "new/name"),
        "new/name": (2, "new/name"),
    }
    catalogue.knows.recent = dict.fromkeys(["shared", "moved", "part", "other"], 1)
    catalogue.knows.tags = {"torch": "pytorch", "pytorch": "pytorch"}
    findings = [
        finding
        for finding in verify(source_id, named(SUBJECTS, source_id), in_catalogue)
        if finding.verdict is Verdict.SHARED
    ]

    assert [(finding.subject, finding.identifier) for finding in findings] == told
    times = ["3 times" if "Delta" in subjects and source_id == "pypi" else "twice" for subjects, _ in told]
    assert [f"counted {n} in every share" in f.words for n, f in zip(times, findings, strict=True)] == [
        True
    ] * len(told)


def test_what_is_shared_is_told_though_nobody_answers(in_catalogue, faulty):
    """The names are the same whatever they stand for."""
    settings = replace(in_catalogue, urls=dict.fromkeys(PUBLIC_URLS, faulty(status=401).url))
    findings = verify("github", named(SUBJECTS[:2], "github"), settings)

    assert [finding.verdict for finding in findings] == [Verdict.UNASKED, Verdict.UNASKED, Verdict.SHARED]


def test_what_another_subject_counts_is_not_found_by_name(in_catalogue, catalogue):
    """It is left out and said; what that one shows but does not count may be this one's."""
    catalogue.knows.recent = {"shared": 1, "part": 1}
    beside = named(SUBJECTS[:1], "pypi")

    assert resolve("pypi", "shared", in_catalogue, beside) == Finding(
        "pypi",
        "shared",
        None,
        Verdict.LEFT_OUT,
        "shared is in Alpha, and would be counted twice in every share",
    )
    assert resolve("pypi", "part", in_catalogue, beside).identifier == "part"
