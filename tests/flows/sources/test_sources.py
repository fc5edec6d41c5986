"""The five collectors against the demo's server, over real HTTP: what they ask, and what they leave."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.client.request import Question
from flows.client.service import Service
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.pipeline.collect import collect, due_questions
from flows.pipeline.steps import ecosystem_of, require_an_answer
from flows.sources import services_of
from flows.sources.google_trends.collect import windows
from flows.sources.google_trends.demo_widgets import over_time_request
from tests.made import configuration
from warehouse.archive.write import LastAnswer, LastAnswers, archived_files
from warehouse.build.load import last_answers, load, open_work
from warehouse.config.settings import Settings


def archived(settings: Settings) -> list[dict[str, object]]:
    """Every archived page, oldest file first."""
    files = [gzip.decompress(file.read_bytes()) for file in archived_files(settings.archive)]
    lines = [json.loads(line) for content in files for line in content.splitlines()]
    return [line for line in lines if line["kind"] == "page"]


def known(settings: Settings) -> LastAnswers:
    """How each question was last answered, as the work database tells it."""
    with open_work(settings) as connection:
        load(connection, settings, ecosystem_of(settings))
        return {
            key: answer
            for source_id in ecosystem_of(settings).sources
            for key, answer in last_answers(connection, source_id).items()
        }


def service_called(name: str, settings: Settings) -> Service:
    """A service by its source, and by its own name where the source has several."""
    (service,) = (one for one in services_of([name.split()[0]], settings) if str(one) == name)
    return service


def questions_of(name: str, settings: Settings, answered: LastAnswers) -> list[Question]:
    """What a service is to be asked now."""
    service = service_called(name, settings)
    return [*due_questions(service, ecosystem_of(settings).subjects, settings, answered)]


def ask(name: str, settings: Settings, answered: LastAnswers):
    return collect(service_called(name, settings), questions_of(name, settings, answered), settings, answered)


def run(name: str, settings: Settings):
    return ask(name, settings, known(settings))


PYPI = ("pypi pypistats", "pypi clickhouse")


def test_github_reads_the_counters_the_whole_star_history_and_all_releases(
    at_server: Settings, server: DemoServer
):
    """Of both repositories, each request one archived page; within the hour's 60 requests without a token."""
    attempt = run("github", at_server)

    assert attempt.problem is None
    asked = Counter(page["endpoint"] for page in archived(at_server))
    assert asked == {"repository": 2, "star_history": 33, "release_count": 2, "releases": 2}
    assert len(server.requests) == attempt.answers == 39 <= 60


def test_github_reads_the_newest_pages_until_the_rest_is_due(at_server: Settings, server: DemoServer):
    """Two requests a repository each time, one more a week for releases, all of them after four weeks."""
    run("github", at_server)
    answered = known(at_server)

    def answers(*days_later: int) -> Counter[str]:
        server.requests.clear()
        for days in days_later:
            later = replace(at_server, clock=lambda days=days: server.now + timedelta(days=days))
            ask("github", later, answered)
        return Counter(urlsplit(request.path).path.split("/")[-1] for request in server.requests)

    assert answers(0) == {"pytorch": 1, "tensorflow": 1, "history": 2}
    assert answers(7)["releases"] == 2
    assert answers(28) == {"pytorch": 1, "tensorflow": 1, "history": 33, "releases": 2}


def test_github_answers_as_before_where_nothing_changed(at_server: Settings, server: DemoServer):
    """Counters and releases are asked for by their last version; a 304 is an answer and not charged."""
    run("github", at_server)
    server.requests.clear()
    attempt = ask(
        "github", replace(at_server, clock=lambda: server.now + timedelta(days=7)), known(at_server)
    )

    assert attempt.problem is None
    told = {(urlsplit(request.path).path, request.status) for request in server.requests}
    assert told >= {
        (f"/repos/{name}/{name}{path}", 304)
        for name in ("pytorch", "tensorflow")
        for path in ("", "/releases")
    }
    again = [page for page in archived(at_server) if page["same_as"]]
    assert {(page["endpoint"], page["body"], page["status"]) for page in again} == {
        ("repository", "", 304),
        ("releases", "", 304),
    }


def test_github_sends_its_token_and_never_archives_it(at_server: Settings, faulty):
    """With a token the request is authorised; neither the archive nor a message holds it."""
    refusing = faulty(status=401, body=b'{"message": "Bad credentials"}')
    urls = {**at_server.urls, "GITHUB_API_URL": refusing.url}
    attempt = run("github", replace(at_server, credentials={"GITHUB_TOKEN": "ghp_secret"}, urls=urls))

    assert attempt.problem == "github pytorch/pytorch: HTTP 401, expected 200: Bad credentials"
    assert "ghp_secret" not in json.dumps(archived(at_server))


FAMILY = """[
    "tensorflow", "tensorflow-cpu", { package = "tensorflow-gpu", until = 2022-12-31 },
    { package = "tensorflow-intel", within = "tensorflow" },
    { package = "tensorflow-macos", within = "tensorflow" }, "tf-nightly",
]"""


def with_family(settings: Settings, tmp_path) -> Settings:
    """The default comparison with TensorFlow's whole family: seven packages."""
    config, default = tmp_path / "ecosystem.toml", settings.config.read_text()
    config.write_text(default.replace('["tensorflow"]', FAMILY))
    assert config.read_text() != default
    return replace(settings, config=config)


def hosts(server: DemoServer) -> Counter[str]:
    """How many requests went to each interface of PyPI's figures."""
    return Counter("pypistats" if "/api/" in request.path else "logs" for request in server.requests)


def test_pypi_asks_for_the_days_and_splits_of_each_package(at_server: Settings, server: DemoServer):
    """At pypistats the days first, which pass, then the splits; in the logs packages are a parameter.

    Of the logs' splits each year is asked for once, of all packages together.
    """
    attempts = [run(name, at_server) for name in PYPI]

    assert [(one.service, one.answers, one.problem) for one in attempts] == [
        ("PYPISTATS_URL", 6, None),
        ("CLICKHOUSE_URL", 12, None),
    ]
    asked = [(page["endpoint"], page["key"]) for page in archived(at_server)]
    logs = [("log_days", "torch 2016-01-01"), ("log_days", "tensorflow 2016-01-01")]
    logs += [("log_splits", f"torch;tensorflow {year}-01-01") for year in range(2025, 2015, -1)]
    assert [one for one in asked if one not in logs] == [
        ("overall", "torch"),
        ("overall", "tensorflow"),
        ("system", "torch"),
        ("python_minor", "torch"),
        ("system", "tensorflow"),
        ("python_minor", "tensorflow"),
    ]
    assert [one for one in asked if one in logs] == logs
    query = parse_qs(urlsplit(server.requests[-11].path).query)
    assert query["param_packages"] == ["['tensorflow']"] and query["wait_end_of_query"] == ["1"]
    assert query["read_overflow_mode"] == query["result_overflow_mode"] == ["throw"]
    assert query["param_first_day"] == ["2016-01-01"] and query["param_last_day"] == ["2025-08-05"]
    windows = [parse_qs(urlsplit(request.path).query) for request in server.requests[-10:]]
    assert windows[0]["param_packages"] == ["['torch', 'tensorflow']"]
    (mirrors,) = windows[0]["param_mirrors"]
    assert "'bandersnatch'" in mirrors and "'pip'" not in mirrors
    # A year that is over is read until the day after it, the running one until yesterday.
    assert [(one["param_first_day"], one["param_last_day"]) for one in windows[:2]] == [
        (["2025-01-01"], ["2025-08-05"]),
        (["2024-01-01"], ["2025-01-01"]),
    ]
    assert {one["param_located_from"][0] for one in windows} == {"2025-06-07"}


def test_pypi_keeps_its_budget_of_requests(at_server: Settings, server: DemoServer, tmp_path):
    """Seven packages: 35 requests at first, 18 at most a day; all days of the logs once in four weeks.

    Of the others the last days are one request.

    The years of the logs' splits that are over are settled, and the running one is read twice a week. Of four
    packages the demo's pypistats knows nothing, neither days nor splits.
    """
    family = with_family(at_server, tmp_path)
    pypistats, logs_attempt = (run(name, family) for name in PYPI)
    assert (pypistats.refused, logs_attempt.refused) == (4 * 3, 0)
    # Nothing of a package that has long ended is left at pypistats.
    assert hosts(server) == {"pypistats": 3 * 6, "logs": 7 + 10}
    assert not [request for request in server.requests if "/tensorflow-gpu/" in request.path]

    answered, whole, splits, years = dict(known(family)), Counter(), Counter(), Counter()
    for days in range(1, 29):
        server.requests.clear()
        later = replace(family, clock=lambda days=days: server.now + timedelta(days=days))
        questions = [question for name in PYPI for question in questions_of(name, later, answered)]
        assert len(questions) <= 18
        for question in questions:
            if question.key.endswith(" 2016-01-01"):
                whole[question.key] += 1
            if question.endpoint == "log_splits":
                years[question.key[-10:]] += 1
            if question.endpoint in ("system", "python_minor"):
                splits[question.endpoint, question.key] += 1
            last = LastAnswer(later.clock(), "digest")
            answered[question.endpoint, question.key] = last
        logged = [question.key for question in questions if question.endpoint == "log_days"]
        assert len(logged) == len({key for key in logged if key.endswith(" 2016-01-01")}) + 1
        asked = [package for key in logged for package in key.split()[0].split(";")]
        assert len(asked) == len(set(asked)) == 7
    assert set(whole.values()) == {1} and len(whole) == 7
    assert years == {"2025-01-01": 7}
    # Those that were refused at first are asked for once more on the next day, unless they are due then.
    assert set(splits.values()) == {4, 5} and len(splits) == 12


def test_pypi_reads_sixty_days_of_the_logs_until_all_are_due(at_server: Settings, server: DemoServer):
    """Once a day, up to yesterday; days are mended later, so the last weeks are always read again."""
    for name in PYPI:
        run(name, at_server)
    server.requests.clear()
    later = replace(at_server, clock=lambda: server.now + timedelta(days=1))
    due = questions_of("pypi clickhouse", later, known(at_server))
    keys = [question.key for question in due if question.endpoint == "log_days"]
    assert keys == ["torch;tensorflow 2025-06-08"]
    assert not any(due_questions(service_called(name, later), [], later, {}) for name in PYPI)
    again = [question for name in PYPI for question in questions_of(name, at_server, known(at_server))]
    assert [question.endpoint for question in again] == ["overall", "overall"], "not twice on one day"


# Two tags whose every month the demo knows.
KERAS = configuration(
    pytorch={"name": "PyTorch", "first_release_on": date(2017, 1, 19), "stackoverflow": "pytorch"},
    keras={"first_release_on": date(2015, 11, 9), "stackoverflow": "keras"},
)


@pytest.fixture
def keras(at_server: Settings, server: DemoServer, tmp_path) -> Settings:
    """Settings to ask about the two tags, in March 2023."""
    server.now = datetime(2023, 3, 2, 6, tzinfo=UTC)
    config = tmp_path / "ecosystem.toml"
    config.write_text(KERAS)
    return replace(at_server, config=config)


def test_stackoverflow_asks_for_the_newest_months_first(keras: Settings, server: DemoServer):
    """Totals and synonyms, then month by month: the site, the tags, and what has no answer in months past.

    Of months that are two weeks past also when their first questions were answered.
    """
    run("stackoverflow", replace(keras, credentials={"STACKEXCHANGE_KEY": "se"}))

    asked = [(page["endpoint"], page["key"]) for page in archived(keras)]
    assert asked[:10] == [
        ("tag_totals", "pytorch;keras"),
        ("tag_synonyms", "pytorch;keras"),
        ("site_months", "2023-03"),
        ("question_months", "pytorch 2023-03"),
        ("question_months", "keras 2023-03"),
        ("site_months", "2023-02"),
        ("question_months", "pytorch 2023-02"),
        ("question_months", "keras 2023-02"),
        ("unanswered_months", "pytorch 2023-02"),
        ("unanswered_months", "keras 2023-02"),
    ]
    assert [one for one in asked if one[1].endswith("2023-01")][-3:] == [
        ("unanswered_months", "keras 2023-01"),
        ("answer_samples", "pytorch 2023-01"),
        ("answer_samples", "keras 2023-01"),
    ]
    assert asked[-4:] == [
        ("site_months", "2015-08"),
        ("question_months", "keras 2015-08"),
        ("unanswered_months", "keras 2015-08"),
        ("answer_samples", "keras 2015-08"),
    ]
    # Of 76 and of 90 months a sample, and the filter once.
    assert len(asked) == len(set(asked)) == len(server.requests) == 432 + 76 + 90 + 1


def test_stackoverflow_spreads_a_backfill_over_days_and_then_asks_little(keras: Settings, server: DemoServer):
    """Each run stops before the quota of 300 and is no failure; then at most 23 requests a day."""
    counts, told = [], []
    for _ in range(3 + 28):
        server.requests.clear()
        attempt = run("stackoverflow", keras)
        assert attempt.problem is None
        assert attempt.answers == len(server.requests)
        counts.append(attempt.answers)
        told.append(attempt.postponed)
        server.now += timedelta(days=1)

    assert told == [
        "stackoverflow: the day's quota is used up but for 30 requests; "
        "329 questions are left for the next runs",
        "stackoverflow: the day's quota is used up but for 30 requests; "
        "79 questions are left for the next runs",
        *[None] * 29,
    ]
    assert counts[:2] == [270, 270] and counts[2] < 200
    assert max(counts[3:]) <= 23 and sum(counts[3:]) / 28 < 18
    pages = Counter((page["endpoint"], page["key"]) for page in archived(keras))
    assert pages["question_months", "keras 2023-03"] == 31, "the running month daily"
    assert pages["site_months", "2022-09"] in (5, 6), "weekly"
    assert pages["site_months", "2021-09"] == 1, "settled"


def test_stackoverflow_goes_on_a_day_later_where_it_was(keras: Settings, server: DemoServer):
    """On the same day nothing but the totals, which tell that the quota is used up."""
    run("stackoverflow", keras)
    server.requests.clear()
    again = run("stackoverflow", keras)

    assert (again.answers, again.problem) == (1, None)
    assert again.postponed == (
        "stackoverflow: the day's quota is used up but for 29 requests; "
        "329 questions are left for the next runs"
    )


def test_stackoverflow_is_refused_what_the_demo_does_not_know(at_server: Settings, server: DemoServer):
    """A refused month leaves the others alone, and is asked for again."""
    server.now = datetime(2019, 4, 2, tzinfo=UTC)
    # With a key one day is enough for all.
    at_server = replace(at_server, credentials={"STACKEXCHANGE_KEY": "se"})
    attempt = run("stackoverflow", at_server)
    assert attempt.problem == ("stackoverflow tensorflow 2019-03: found null, expected a number of questions")
    refused = [(page["endpoint"], page["key"]) for page in archived(at_server) if page["problem"]]
    assert refused == [
        (endpoint, f"tensorflow {month}")
        for month in ("2019-03", "2018-10")
        for endpoint in ("question_months", "unanswered_months")
    ] + [("answer_samples", "tensorflow 2018-10")]

    server.requests.clear()
    run("stackoverflow", at_server)
    assert len(server.requests) == 2 + len(refused), "only the totals, the filter and what was refused"


def test_stackoverflow_keeps_its_key_out_of_addresses_and_archive(at_server: Settings, server: DemoServer):
    """The key goes with each request, in a header alone, and into no page; it raises the quota."""
    server.now = datetime(2023, 6, 2, 6, tzinfo=UTC)
    attempt = run("stackoverflow", replace(at_server, credentials={"STACKEXCHANGE_KEY": "se_secret"}))

    assert attempt.answers == len(server.requests) - attempt.refused > 300
    assert not any("key" in request.path for request in server.requests)
    assert "se_secret" not in json.dumps(archived(at_server))
    totals, *_ = (json.loads(page["body"]) for page in archived(at_server))
    assert totals["quota_max"] == 10_000


def test_google_trends_asks_for_all_terms_together_over_two_windows(at_server: Settings, server: DemoServer):
    """One cookie, then token and values of each window; the values are archived, without token, as sample."""
    attempt = run("google_trends", at_server)

    assert (attempt.answers, attempt.problem) == (2, None)
    paths = [urlsplit(request.path).path for request in server.requests]
    window = ["/trends/api/explore", "/trends/api/widgetdata/multiline"]
    assert paths == ["/trends/explore/", *window, *window]
    months, days = archived(at_server)
    assert (months["key"], days["key"]) == ("all pytorch,tensorflow", "today 3-m pytorch,tensorflow")
    for page, resolution in ((months, "MONTH"), (days, "DAY")):
        (question,) = parse_qs(urlsplit(page["url"]).query)["req"]
        assert json.loads(question)["resolution"] == resolution and "token" not in page["url"]
        assert json.loads(page["body"].partition("\n")[2])["sample"]


def test_google_trends_asks_for_both_windows_again_in_each_run(at_server: Settings, server: DemoServer):
    """An answer is one draw of a sample, so what is known already is drawn again."""
    run("google_trends", at_server)
    server.requests.clear()

    assert run("google_trends", at_server).answers == 2
    assert len(server.requests) == 5


@pytest.mark.parametrize(("at", "answers"), [(2, 0), (3, 0), (4, 1), (5, 1)])
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("429", "HTTP 429, expected 200"),
        ("moved-away", "HTTP 302, expected 200"),
        ("html", "found text/html, expected JSON"),
        ("empty", "expected JSON"),
    ],
)
def test_a_window_of_google_trends_that_fails_leaves_the_one_before(
    at_server: Settings, server: DemoServer, at, answers, fault, told
):
    """A limit, the way to a page of consent, that page and nothing: told with the window, never a zero."""
    server.faults = [Planned(fault, at, lasts=1000)]
    attempt = run("google_trends", at_server)

    timeframe = "all" if at < 4 else "today 3-m"
    assert attempt.problem.startswith(f"google_trends {timeframe} pytorch,tensorflow: ")
    assert told in attempt.problem
    kept = [page["key"] for page in archived(at_server) if not page["problem"]]
    assert kept == ["all pytorch,tensorflow"][:answers]


def test_the_windows_of_google_trends_are_understood_on_any_day():
    """Whatever lengths the months have: three months back from the 31st are some days more or less."""
    for day in (date(2023, 1, 1) + timedelta(days=n) for n in range(4 * 366)):
        for timeframe, window in windows(day).items():
            items = [{"keyword": "one", "time": timeframe}]
            understood = over_time_request({"comparisonItem": items}, "en-US", day)
            assert window.is_told_by(understood["time"]), (day, timeframe)
            assert window.resolution == understood["resolution"]


def test_google_trends_is_asked_about_the_first_five_terms(at_server: Settings, server: DemoServer, tmp_path):
    """Others are none of its failures: the attempt tells which are not asked about, and what to do."""
    rivals = "".join(f'[[subjects]]\nid = "r{n}"\nname = "R"\ngoogle_trends = "r{n}"\n' for n in range(9))
    config = tmp_path / "ecosystem.toml"
    config.write_text(at_server.config.read_text() + rivals)
    attempt = run("google_trends", replace(at_server, config=config))

    assert (attempt.answers, attempt.refused, attempt.problem) == (2, 0, None)
    assert attempt.postponed == (
        "google_trends: Google compares 5 terms at most, found 11: only the first 5 are asked about, "
        "not r3, r4, r5 and 3 more; an export has all"
    )
    keys = [line["key"] for line in archived(at_server) if line["kind"] == "page"]
    assert keys == ["all pytorch,tensorflow,r0,r1,r2", "today 3-m pytorch,tensorflow,r0,r1,r2"]
    require_an_answer([attempt], at_server)


def test_an_empty_answer_of_google_trends_is_a_failure(at_server: Settings, faulty):
    """No points is never read as nobody having searched."""
    items = [
        {"geo": {}, "complexKeywordsRestriction": {"keyword": [{"value": t}]}}
        for t in ("pytorch", "tensorflow")
    ]
    understood = {"comparisonItem": items, "time": "2004-01-01 2025-08-06", "resolution": "MONTH"}
    understood |= {"requestOptions": {"category": 0, "property": ""}}
    widget = {"id": "TIMESERIES", "request": understood, "token": "t"}
    body = ")]}'\n" + json.dumps({"widgets": [widget], "default": {"timelineData": []}})
    urls = {**at_server.urls, "GOOGLE_TRENDS_URL": faulty(body=body.encode()).url}
    attempt = run("google_trends", replace(at_server, urls=urls))

    assert attempt.problem == "google_trends all pytorch,tensorflow: found no points, expected some"


def days_asked(server: DemoServer) -> list[tuple[str, ...]]:
    """Article, first and last day of every request."""
    paths = [urlsplit(request.path).path.split("/") for request in server.requests]
    return [(path[-4], *path[-2:]) for path in paths]


def test_wikipedia_reads_every_day_since_july_2015_at_first(at_server: Settings, server: DemoServer):
    """One request an article; each answer is archived whole and marked sample."""
    attempt = run("wikipedia", at_server)

    assert (attempt.answers, attempt.problem) == (2, None)
    assert days_asked(server) == [
        ("PyTorch", "20150701", "20250805"),
        ("TensorFlow", "20150701", "20250805"),
    ]
    pages = archived(at_server)
    assert [page["key"] for page in pages] == ["PyTorch 2015-07-01", "TensorFlow 2015-07-01"]
    assert all(json.loads(page["body"])["sample"] for page in pages)


def test_wikipedia_reads_sixty_days_until_all_are_due(at_server: Settings, server: DemoServer):
    """After the first run it asks for the last 60 days, once a day; within four weeks once for all again."""
    run("wikipedia", at_server)
    answered = known(at_server)
    first_days = {"PyTorch": [], "TensorFlow": []}
    for days in range(1, 29):
        server.requests.clear()
        later = replace(at_server, clock=lambda days=days: server.now + timedelta(days=days))
        assert ask("wikipedia", later, answered).answers == 2
        for article, first_day, _ in days_asked(server):
            first_days[article].append(first_day)

    for asked in first_days.values():
        whole = asked.index("20150701")
        assert asked[:whole] == [f"{date(2025, 6, 8) + timedelta(days=n):%Y%m%d}" for n in range(whole)]
        assert asked[whole:] == ["20150701"] * (28 - whole)  # its answers were not kept here


def test_wikipedia_asks_for_a_former_title_with_all_its_days_alone(
    at_server: Settings, server: DemoServer, tmp_path
):
    """Once in four weeks; one that still counted within the last 60 days is asked for them too."""
    config = tmp_path / "ecosystem.toml"
    titles = """[
        { article = "Keras", until = 2025-06-06 }, { article = "TensorFlow", until = 2025-06-08 }, "PyTorch",
    ]"""
    config.write_text(at_server.config.read_text().replace('wikipedia = "PyTorch"', f"wikipedia = {titles}"))
    settings = replace(at_server, config=config)
    assert run("wikipedia", settings).answers == 3, "TensorFlow, which is the other subject's too, once"

    asked = Counter[str]()
    answered = known(settings)
    for days in range(1, 29):
        later = replace(settings, clock=lambda days=days: server.now + timedelta(days=days))
        for question in questions_of("wikipedia", later, answered):
            answered[question.endpoint, question.key] = LastAnswer(later.clock(), "digest")
            asked[question.key.split()[0]] += 1
    assert asked == {"Keras": 1, "TensorFlow": 28, "PyTorch": 28}


def test_a_repository_of_two_subjects_is_asked_once(at_server: Settings, server: DemoServer, tmp_path):
    """Its answers serve both; the requests of an hour are few."""
    config = tmp_path / "ecosystem.toml"
    config.write_text(at_server.config.read_text().replace('"tensorflow/tensorflow"', '"pytorch/pytorch"'))
    run("github", replace(at_server, config=config))

    asked = Counter(page["key"] for page in archived(at_server) if page["endpoint"] != "release_count")
    assert asked.pop("pytorch/pytorch 1") == 2, "a page of stars and one of releases"
    assert set(asked.values()) == {1}


def test_an_article_that_is_not_there_leaves_the_other(at_server: Settings, tmp_path):
    """The refusal is told with Wikimedia's own words, and the next article is asked for all the same."""
    config = tmp_path / "ecosystem.toml"
    config.write_text(at_server.config.read_text().replace('wikipedia = "PyTorch"', 'wikipedia = "C/C++"'))
    attempt = run("wikipedia", replace(at_server, config=config))

    assert attempt.problem == (
        "wikipedia C/C++ 2015-07-01: HTTP 404, expected 200: "
        "The dates are valid, but there are no views of this article in them"
    )
    assert (attempt.answers, attempt.refused) == (1, 1)
    assert [(page["key"], page["status"]) for page in archived(at_server)] == [
        ("C/C++ 2015-07-01", 404),
        ("TensorFlow 2015-07-01", 200),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"article": "Torch"}, "items.1.article: found 'Torch', expected 'PyTorch'"),
        (
            {"project": "de.wikipedia"},
            "items.1.project: found 'de.wikipedia'; Input should be 'en.wikipedia'",
        ),
        ({"agent": "spider"}, "items.1.agent: found 'spider'; Input should be 'user'"),
        ({"views": -1}, "items.1.views: found -1; Input should be greater than or equal to 0"),
        ({"views": "7"}, "items.1.views: found '7'; Input should be a valid integer"),
        (
            {"timestamp": "2025-08-02"},
            "items.1.timestamp: found '2025-08-02', expected a day as",
        ),
        ({"timestamp": "2025023000"}, "items.1.timestamp: found '2025023000', expected a day that there is"),
        ({"timestamp": 2025080200}, "items.1.timestamp: found 2025080200, expected a day as"),
        (
            {"timestamp": "2025080100"},
            "items.1.timestamp: found 2025-08-01, expected each day from 2015-07-01",
        ),
        (
            {"timestamp": "2025080600"},
            "items.1.timestamp: found 2025-08-06, expected each day from 2015-07-01",
        ),
    ],
)
def test_wikipedia_takes_no_day_that_was_not_asked_for(at_server: Settings, faulty, changes, told):
    """Another article, project, agent or day, a day told twice, and views that are no count."""
    day = {
        "project": "en.wikipedia",
        "article": "PyTorch",
        "granularity": "daily",
        "timestamp": "2025080100",
        "access": "all-access",
        "agent": "user",
        "views": 7,
    }
    body = json.dumps({"items": [day, day | {"timestamp": "2025080200"} | changes]}).encode()
    urls = {**at_server.urls, "WIKIMEDIA_URL": faulty(body=body).url}
    attempt = run("wikipedia", replace(at_server, urls=urls))

    assert attempt.answers == 0
    assert attempt.problem.startswith(f"wikipedia PyTorch 2015-07-01: {told}")


@pytest.mark.parametrize("body", [b'{"items": []}', b"{}"])
def test_an_answer_of_wikipedia_without_days_is_a_failure(at_server: Settings, faulty, body: bytes):
    """No day at all is a 404 there, never an empty list."""
    urls = {**at_server.urls, "WIKIMEDIA_URL": faulty(body=body).url}
    attempt = run("wikipedia", replace(at_server, urls=urls))

    assert attempt.answers == 0
    assert attempt.problem.startswith("wikipedia PyTorch 2015-07-01: items: found ")


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("github", "GITHUB_API_URL"),
        ("pypi pypistats", "PYPISTATS_URL"),
        ("pypi clickhouse", "CLICKHOUSE_URL"),
        ("stackoverflow", "STACKEXCHANGE_URL"),
        ("google_trends", "GOOGLE_TRENDS_URL"),
        ("wikipedia", "WIKIMEDIA_URL"),
    ],
)
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"status": 429, "body": b"<html>429"}, "HTTP 429, expected 200"),
        (
            {"body": b"<html>hello", "headers": {"Content-Type": "text/html"}},
            "found text/html, expected JSON",
        ),
        ({"cut": True}, "no answer from 127.0.0.1"),
    ],
)
def test_a_source_that_fails_says_what_and_where(at_server: Settings, faulty, service, variable, fault, told):
    """A limit, HTML and no answer at all end the attempt with one message and no answer counted."""
    broken = replace(at_server, urls={**at_server.urls, variable: faulty(**fault).url})
    attempt = run(service, broken)

    assert attempt.answers == 0
    assert attempt.problem.startswith(f"{attempt.source_id} ") and told in attempt.problem
    assert "\n" not in attempt.problem
