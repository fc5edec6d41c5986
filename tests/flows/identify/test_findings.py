"""Verifying: what each source says of an identifier, right, wrong or unasked. Nothing is archived."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.identify import Verdict, load_identity
from flows.identify.findings import Finding, Named, resolve, verify
from flows.sources import source_ids
from warehouse.settings import PUBLIC_URLS, Settings

# Stack Overflow's totals end in the demo a month after its figures.
JUNE_2023 = datetime(2023, 6, 2, 6, tzinfo=UTC)


@pytest.fixture
def early(at_server: Settings, server: DemoServer) -> Settings:
    """Settings at the demo's server, at a time at which it answers for all sources."""
    server.now = JUNE_2023
    return at_server


def found(source_id: str, settings: Settings, *named: tuple[str, str]) -> list[tuple[str | None, str, str]]:
    """What was found of each subject and identifier: identifier, verdict, words."""
    findings = verify(source_id, [Named(*each) for each in named], settings)
    assert [(f.source_id, f.subject) for f in findings] == [(source_id, subject) for subject, _ in named]
    return [(f.identifier, f.verdict, f.words) for f in findings]


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
        ("pypi", "TensorFlow", "tensorflow-gpuu", "HTTP 404, expected 200: 404; perhaps tensorflow-gpu or"),
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
        ("moved-away", "HTTP 302, expected 200"),
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
    settings = replace(early, github_token="gh-secret", stackexchange_key="so-secret")
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
        ("pypi", "HTTP 404, expected 200: 404"),
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
