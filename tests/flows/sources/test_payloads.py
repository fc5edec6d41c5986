"""Every recorded answer of the real services, sent over HTTP to the collector that would receive it.

The recordings lie beside the repository, in the folder that BAROMETER_SHARED names.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import singledispatch
from pathlib import Path
from typing import Any

import pytest

from flows.sources.github.answers import Repository
from flows.sources.google_trends.answers import Window
from flows.sources.pypi.answers import Told
from flows.sources.stackoverflow.answers import QuestionTotal, TagTotals
from warehouse.config.ecosystem import Subject
from warehouse.errors import AccessDenied, LimitReached, Refused, UnexpectedAnswer

ROOT = Path(__file__).resolve().parents[3]
PAYLOADS = Path(os.environ.get("BAROMETER_SHARED") or ROOT.parent / "shared") / "payloads"

pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason=f"{PAYLOADS} does not exist: the recordings are no part of the repository"
)


@dataclass(frozen=True)
class Case:
    """What becomes of a recording: the rows told, or an error and a piece of its message.

    `also` names the recordings that answer other paths of the same conversation, `prefix` what the
    recorder left out before the body; `window` is asked for in place of those that the collector asks for.
    """

    ask: str
    asked: str
    expected: Any
    told: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    window: Window | None = None

    def subjects(self) -> list[Subject]:
        """Configure the things asked for, with one month of questions due."""
        source_id = self.ask.split()[0]
        return [
            Subject(
                id="x",
                name="x",
                first_release_on=date(2025, 11, 2),
                **{source_id: [asked] if source_id == "pypi" else asked},
            )
            for asked in self.asked.split(",")
        ]


@singledispatch
def rows_of(told: Any) -> Any:
    """Return what a person can recount in a recording; here of Google Trends."""
    points = told["default"]["timelineData"]
    first, last = (str(datetime.fromtimestamp(int(points[n]["time"]), UTC).date()) for n in (0, -1))
    return len(points), first, points[0]["value"], last, points[-1].get("isPartial", False)


@rows_of.register
def _(told: Repository) -> Any:
    return told.full_name, told.stargazers_count, told.forks_count, told.open_issues_count


@rows_of.register
def _(told: tuple) -> Any:
    first = datetime.fromtimestamp(told[-1].week, UTC).date()
    return len(told), str(first), sum(week.total for week in told)


@rows_of.register
def _(told: Told) -> Any:
    days = [str(day.date) for day in told.data]
    return len(days), min(days), max(days), sum(day.downloads for day in told.data)


@rows_of.register
def _(told: TagTotals) -> Any:
    return {item.name: item.count for item in told.items}


@rows_of.register
def _(told: QuestionTotal) -> Any:
    return told.total


COUNTERS, STARS = "github current", "github star_history"
DAYS, LOGS = "pypi overall", "pypi log_days"
SYSTEMS, PYTHONS = "pypi system", "pypi python_minor"
TAGS, QUESTIONS = "stackoverflow current", "stackoverflow question_months"
TRENDS = "google_trends history"
MISSING = "found nothing there, expected a value"
# No recording tells of this day or a later one.
AFTER_ALL_DAYS = {
    "pypi": datetime(2026, 4, 7, tzinfo=UTC),
    "github star_history": datetime(2026, 9, 13, tzinfo=UTC),
}


def each(case: Case, *files: str) -> dict[str, Case]:
    """Expect the same of several recordings."""
    return dict.fromkeys(files, case)


def counters(full_name: str, *counts: int) -> Case:
    return Case(COUNTERS, full_name, (full_name, *counts))


FIVE_DAYS = Window(date(2021, 1, 1), date(2021, 1, 5), "DAY")
FIVE_YEARS = Window(date(2018, 3, 26), date(2023, 3, 26), "WEEK")
ONE_YEAR = Window(date(2021, 1, 1), date(2021, 12, 31), "WEEK")
# The widgets that were recorded of a window.
WIDGETS = {
    FIVE_DAYS: "explore_two_keywords_2023",
    FIVE_YEARS: "explore_today_5y_2023",
    ONE_YEAR: "explore_one_keyword_2023",
}


def over_time(asked: str, window: Window, expected: Any, told: str = "", prefix: str = "") -> Case:
    """Values over time come after the cookie and the widgets."""
    also = {"/trends/explore/": "cookie_404_nid_2023", "/trends/api/explore": WIDGETS[window]}
    also = {path: f"google_trends/{name}.json" for path, name in also.items()}
    return Case(TRENDS, asked, expected, told, also, prefix, window)


def widgets(asked: str, window: Window | None, values: str, expected: Any, told: str = "") -> Case:
    """Widgets lead to values over time."""
    also = {"/multiline": f"google_trends/{values}.json"}
    return Case(TRENDS, asked, expected, told, also, window=window)


# What is found behind a move.
BETAMAX, PROTONCOIN = (
    "github_rest/repo_moved_200_betamax_2021.json",
    "github_rest/repo_moved_200_protoncoin_2018.json",
)

GITHUB_COUNTERS = {
    "repo_get_pygithub_2026_unauth": counters("PyGithub/PyGithub", 7701, 1874, 393),
    "repo_get_bootstrap_2025_auth": counters("twbs/bootstrap", 171_281, 78_987, 673),
    "repo_get_openframeworks_2018_license_noassertion": counters(
        "openframeworks/openFrameworks", 6453, 2143, 874
    ),
    "repo_get_pysample_2020_license_null": counters("wrecker/PySample", 0, 0, 2),
    "repo_get_qiskit_qec_2025_unauth": counters("qiskit-community/qiskit-qec", 104, 41, 27),
    "repo_get_vcr_2018": counters("vcr/vcr", 4248, 414, 104),
    "repo_get_hello_world_2018": Case(
        COUNTERS, "Octocat/hello-world", ("octocat/Hello-World", 1437, 1215, 276)
    ),
    "repo_get_octokit_hello_world_2022": counters("octokit-fixture-org/hello-world", 0, 0, 0),
    "repo_moved_301_betamax_2021": Case(
        COUNTERS, "sigmavirus24/betamax", ("betamaxpy/betamax", 484, 54, 24), also={"/repositories/": BETAMAX}
    ),
    "repo_moved_301_protoncoin_2018": Case(
        COUNTERS,
        "protoncoin/protoncoin",
        ("padima2/protoncoin", 5, 21, 0),
        also={"/repositories/": PROTONCOIN},
    ),
    "repo_moved_200_betamax_2021": Case(
        COUNTERS,
        "sigmavirus24/betamax",
        UnexpectedAnswer,
        "found betamaxpy/betamax (id 11439734), expected the repository of /repos/sigmavirus24/betamax",
    ),
    "repo_moved_200_protoncoin_2018": counters("padima2/protoncoin", 5, 21, 0),
    **each(
        Case(COUNTERS, "akfish/PyGithub", UnexpectedAnswer, f"stargazers_count: {MISSING}"),
        "repo_get_twitter_bootstrap_2013_old_shape",
        "conditional_200_akfish_2013",
        "conditional_200_changed_akfish_2013",
    ),
}

# Of other questions than ours: a figure must not be read out of them.
GITHUB_OTHER_QUESTIONS = {
    **each(
        Case(COUNTERS, "o/r", UnexpectedAnswer, f"o/r: id: {MISSING}"),
        "rate_limit_unauth_2018",
        "rate_limit_unauth_2019",
        "rate_limit_auth_2018",
        "rate_limit_auth_2023",
        "rate_limit_edited_2024",
        "rate_limit_exhausted_unauth_2017",
        "search_repositories_2014",
        "search_repositories_p2_2014",
        "search_repositories_none_2018",
    ),
    **each(
        Case(COUNTERS, "o/r", UnexpectedAnswer, "Input should be an object"),
        "events_public_2020",
        "events_repository_2018",
        "events_repository_2012",
    ),
    "primary_limit_last_200_2013": Case(COUNTERS, "o/r", UnexpectedAnswer, f"full_name: {MISSING}"),
    "stargazers_count_sol_pi_2026": Case(STARS, "NVlabs/SoL-Pi", UnexpectedAnswer, "should be a valid array"),
    **each(
        Case(STARS, "o/r", UnexpectedAnswer, f"0.week: {MISSING}"),
        "stargazers_star_json_p1_betamax_2021",
        "stargazers_star_json_p2_betamax_2021",
        "stargazers_star_json_p3_betamax_2021",
        "stargazers_star_json_p4_betamax_2021",
        "stargazers_star_json_last_betamax_2021",
        "stargazers_star_json_openframeworks_2018",
        "stargazers_star_json_comparea_2015_no_link",
    ),
    "stats_202_accepted_empty_2012": Case(COUNTERS, "o/r", UnexpectedAnswer, "HTTP 202, expected 200: {}"),
}

GITHUB_STARS = {
    "stargazers_history_thumbgate_2026": Case(STARS, "IgorGanapolsky/ThumbGate", (28, "2026-03-01", 26)),
    "stargazers_history_sol_pi_2026": Case(STARS, "NVlabs/SoL-Pi", (2, "2026-08-30", 1266)),
    "stargazers_empty_list_2021": Case(
        STARS,
        "vcr/vcr",
        UnexpectedAnswer,
        "github vcr/vcr 1: found no weeks, expected those of its 4,248 stars",
        also={
            "/stargazers/history": "github_rest/stargazers_empty_list_2021.json",
            "/repos/vcr/vcr": "github_rest/repo_get_vcr_2018.json",
        },
    ),
    "stargazers_forbidden_403_fine_grained_2026": Case(
        STARS, "o/r", AccessDenied, "Resource not accessible by"
    ),
    "stargazers_unauthenticated_401_2026": Case(STARS, "o/r", AccessDenied, "Requires authentication"),
    "page_too_far_422_2022": Case(
        STARS, "o/r", Refused, "HTTP 422, expected 200: In order to keep the API fast"
    ),
}

GITHUB_FAILURES = {
    **each(
        Case(COUNTERS, "o/r", UnexpectedAnswer, "HTTP 304, expected 200"),
        "conditional_304_akfish_2013",
        "conditional_304_pygithub_2013",
        "conditional_304_weak_etag_2023",
    ),
    **each(
        Case(COUNTERS, "o/r", AccessDenied, "HTTP 401, expected 200: Bad credentials"),
        "bad_credentials_401_2012",
        "rate_limit_bad_credentials_401_2020",
    ),
    "missing_user_agent_403_2013": Case(COUNTERS, "o/r", AccessDenied, "Missing or invalid User Agent"),
    **each(
        Case(COUNTERS, "o/r", LimitReached, "HTTP 403, expected 200: API "),
        "primary_limit_403_2013",
        "primary_limit_403_body_2013_curl",
        "primary_limit_403_body_2023",
    ),
    **each(
        Case(
            COUNTERS,
            "o/r",
            LimitReached,
            "You have exceeded a secondary rate limit. Please wait a few minutes",
        ),
        "secondary_limit_403_body_2021",
        "secondary_limit_403_remaining_left_2022",
        "secondary_limit_429_no_retry_after",
    ),
    "secondary_limit_403_retry_after_2018": Case(COUNTERS, "o/r", LimitReached, "; it asks to wait 60 s"),
    "secondary_limit_429_retry_after": Case(COUNTERS, "o/r", LimitReached, "; it asks to wait 8 s"),
    "abuse_limit_403_retry_after_30": Case(COUNTERS, "o/r", LimitReached, "; it asks to wait 30 s"),
    **each(
        Case(COUNTERS, "o/r", Refused, "HTTP 404, expected 200: Not Found"),
        "not_found_404_2012",
        "not_found_404_user_2012",
        "not_found_404_status_string_2025",
    ),
    "blocked_451_dmca_2017": Case(
        COUNTERS, "o/r", Refused, "HTTP 451, expected 200: Repository access blocked"
    ),
    "blocked_403_tos_2025": Case(
        COUNTERS, "o/r", Refused, "HTTP 403, expected 200: Repository access blocked"
    ),
    "server_error_502_html_nginx_2025": Case(COUNTERS, "o/r", UnexpectedAnswer, "502, expected 200: <html>"),
    "server_error_502_json": Case(
        COUNTERS, "o/r", UnexpectedAnswer, '502, expected 200: {"error": "Server Error"}'
    ),
    "server_error_503_html": Case(COUNTERS, "o/r", UnexpectedAnswer, "503 Service Unavailable"),
    "truncated_json_200_2013": Case(COUNTERS, "o/r", UnexpectedAnswer, "expected JSON: {"),
}

# Nothing is asked of GraphQL; its answers and failures are no counters either.
GITHUB_GRAPHQL = {
    **each(
        Case(COUNTERS, "o/r", UnexpectedAnswer, f"o/r: id: {MISSING}"),
        "stargazers_with_rate_limit_2021",
        "stargazers_last_one_2021",
        "stargazers_metadata_read_token_2026",
        "stargazers_forbidden_2026",
        "not_found_2024",
        "page_1_discussions_2024",
        "page_last_discussions_2024",
        "node_found_2024",
        "repository_url_2024",
        "rate_limit_type_rate_limit_2025",
        "rate_limit_object_used_over_limit_2024",
    ),
    **each(
        Case(COUNTERS, "o/r", UnexpectedAnswer, "HTTP 502, expected 200: "),
        "timeout_502_2019",
        "timeout_502_2023",
        "unicorn_html_502_2021",
    ),
}

PYPISTATS = {
    "overall_with_mirrors_sqlite_utils_2026": Case(
        DAYS, "sqlite-utils", (181, "2025-10-08", "2026-04-06", 3_739_946)
    ),
    "overall_with_mirrors_genome_to_sqlite_2026_sparse": Case(
        DAYS, "genome-to-sqlite", (110, "2025-10-10", "2026-04-04", 237)
    ),
    "overall_with_mirrors_shot_scraper_2022_new_package": Case(
        DAYS, "shot-scraper", (98, "2022-03-08", "2022-06-13", 38_482)
    ),
    "overall_pip_2020_both": Case(DAYS, "pip", (4, "2020-05-01", "2020-05-02", 7_146_808)),
    # The service answers with the normalised name.
    "docs_example_overall": Case(
        DAYS, "package-name", UnexpectedAnswer, "found package package_name, expected package-name"
    ),
    **each(
        Case(DAYS, "pip", UnexpectedAnswer, "Input should be 'overall_downloads'"),
        "recent_pip",
        "recent_pip_day",
        "recent_python_dotenv",
        "python_major_pip_2018",
        "docs_example_recent",
        "docs_example_python_major",
    ),
    "system_sqlite_utils_2026": Case(SYSTEMS, "sqlite-utils", (833, "2025-10-08", "2026-04-06", 3_711_565)),
    "system_genome_to_sqlite_2026_sparse": Case(
        SYSTEMS, "genome-to-sqlite", (48, "2025-10-10", "2026-04-04", 61)
    ),
    "system_empty_csv_diff": Case(SYSTEMS, "csv-diff", Refused, "pypi csv-diff: found no days"),
    "system_empty_datasette_public": Case(
        SYSTEMS, "datasette-public", Refused, "pypi datasette-public: found no days"
    ),
    "system_empty_apple_notes_to_sqlite": Case(
        SYSTEMS, "apple-notes-to-sqlite", Refused, "pypi apple-notes-to-sqlite: found no days"
    ),
    # The example writes the systems in another case than the service does.
    "docs_example_system": Case(SYSTEMS, "package-name", UnexpectedAnswer, "found 'darwin'"),
    "python_minor_pip_2018": Case(PYTHONS, "pip", (10, "2018-11-01", "2018-11-01", 2_295_765)),
    "docs_example_python_minor": Case(
        PYTHONS, "package-name", UnexpectedAnswer, "found package package_name, expected package-name"
    ),
    "error_404": Case(DAYS, "pip", Refused, "HTTP 404, expected 200: 404"),
    "error_429": Case(DAYS, "pip", LimitReached, "429 RATE LIMIT EXCEEDED"),
}

CLICKHOUSE = {
    **each(
        Case(LOGS, "torch", UnexpectedAnswer, f"data.0.date: {MISSING}"),
        "clickpy_month_2025_07",
        "clickpy_month_2025_10",
        "clickpy_month_2026_03",
        "format_json_example",
    ),
    "select_1_raw_2019": Case(LOGS, "torch", UnexpectedAnswer, "answer: found 1; Input should be an object"),
    "exception_in_200_body": Case(
        LOGS,
        "torch",
        UnexpectedAnswer,
        "pypi torch 2016-01-01: found Code: 395. DB::Exception: Value passed to 'throwIf'",
    ),
    "exception_201_quota_exceeded_2026": Case(
        LOGS,
        "torch",
        LimitReached,
        "Code: 201. DB::Exception: Quota for user `play` for 3600s has been exceeded",
    ),
    "exception_457_bad_query_parameter": Case(LOGS, "torch", Refused, "Code: 457. DB::Exception: Value abc"),
    "exception_62_multi_statements": Case(LOGS, "torch", Refused, "Code: 62. DB::Exception: Syntax error"),
}

STACKEXCHANGE = {
    "tags_info_ember_2015": Case(TAGS, "ember.js", {"ember.js": 14_533}),
    "tags_wikis_empty_2015": Case(TAGS, "ember.js", Refused, "stackoverflow ember.js: found no tags"),
    **each(
        Case(TAGS, "ember.js", UnexpectedAnswer, "has_more: found True"),
        "tags_related_ember_2015_has_more",
        "tags_popular_custom_filter_2021",
    ),
    "tags_inname_openshift_2015": Case(
        TAGS, "openshift", UnexpectedAnswer, "found openshift, openshift-origin, openshift-client-tools"
    ),
    "info_2016": Case(TAGS, "ember.js", UnexpectedAnswer, f"items.0.name: {MISSING}"),
    "users_associated_2016": Case(TAGS, "ember.js", UnexpectedAnswer, f"items.0.name: {MISSING}"),
    "sites_2016": Case(TAGS, "ember.js", UnexpectedAnswer, f"items.0.count: {MISSING}"),
    "questions_backoff": Case(QUESTIONS, "python", 2),
    **each(
        Case(QUESTIONS, "openshift", UnexpectedAnswer, f"openshift 2025-08: total: {MISSING}"),
        "questions_tagged_openshift_2015",
        "questions_2020",
        "questions_custom_filter_2024",
    ),
    "error_502_throttle_ip_2026": Case(
        QUESTIONS, "keras", LimitReached, "more requests available in 46472 seconds"
    ),
    "error_502_backoff_violation_2016": Case(
        QUESTIONS, "keras", LimitReached, "Violation of backoff parameter"
    ),
    "error_400_site_required": Case(QUESTIONS, "keras", Refused, "HTTP 400, expected 200: site is required"),
}

TWO_TERMS_BY_DAY = (5, "2021-01-01", [100, 2], "2021-01-05", False)
TWO_TERMS_BY_WEEK = (260, "2018-04-01", [81, 1], "2023-03-19", True)

GOOGLE_TRENDS = {
    "multiline_two_keywords_days_2023": over_time("pizza,bagel", FIVE_DAYS, TWO_TERMS_BY_DAY),
    "multiline_weeks_partial_2023": over_time("pizza,bagel", FIVE_YEARS, TWO_TERMS_BY_WEEK),
    "multiline_shopping_hasdata_false_2023": over_time(
        "pizza,bagel", FIVE_DAYS, (5, "2021-01-01", [94, 0], "2021-01-05", False)
    ),
    # Printed without the line before it and without the years between, in a README.
    "multiline_months_2004_2017": over_time(
        "pizza",
        ONE_YEAR,
        UnexpectedAnswer,
        "found a point of 2004-01-01, expected 2021-01-01 2021-12-31",
        prefix=")]}',\n",
    ),
    "multiline_empty_2026": over_time("pizza", ONE_YEAR, UnexpectedAnswer, "pizza: found no points"),
    "multirange_2023": over_time(
        "pizza,bagel", FIVE_DAYS, UnexpectedAnswer, f"default.timelineData.0.time: {MISSING}"
    ),
    "comparedgeo_country_2023": over_time(
        "pizza,bagel", FIVE_DAYS, UnexpectedAnswer, f"default.timelineData: {MISSING}"
    ),
    "relatedsearches_queries_2023": over_time(
        "pizza", ONE_YEAR, UnexpectedAnswer, f"default.timelineData: {MISSING}"
    ),
    "autocomplete_pizza_2023": over_time(
        "pizza", ONE_YEAR, UnexpectedAnswer, f"default.timelineData: {MISSING}"
    ),
    "token_401_html_2026": over_time("pizza", ONE_YEAR, AccessDenied, "HTTP 401, expected 200"),
    "cookie_404_nid_2023": over_time("pizza", ONE_YEAR, UnexpectedAnswer, "HTTP 404, expected 200"),
    # What the collector asks for is another window.
    "explore_two_keywords_2023": widgets(
        "pizza,bagel",
        None,
        "multiline_two_keywords_days_2023",
        UnexpectedAnswer,
        "pizza,bagel: found the window 2021-01-01 2021-01-05, expected 2004-01-01 2025-08-06",
    ),
    "explore_today_5y_2023": widgets(
        "pizza,bagel", FIVE_YEARS, "multiline_weeks_partial_2023", TWO_TERMS_BY_WEEK
    ),
    "explore_multirange_2023": widgets(
        "pizza,bagel",
        FIVE_DAYS,
        "multiline_two_keywords_days_2023",
        UnexpectedAnswer,
        f"request.time: {MISSING}",
    ),
    "explore_one_keyword_2023": widgets(
        "pizza", ONE_YEAR, "multiline_empty_2026", UnexpectedAnswer, "found no points"
    ),
    "rate_limit_429_html_2026": Case(TRENDS, "pizza", LimitReached, "HTTP 429, expected 200"),
    "no_cookie_429_sets_nid_2026": Case(TRENDS, "pizza", LimitReached, "HTTP 429, expected 200"),
    "blocked_302_sorry_2026": Case(TRENDS, "pizza", UnexpectedAnswer, "HTTP 302, expected 200"),
}

TABLE = {
    f"{folder}/{name}.json": case
    for folder, cases in {
        "github_rest": GITHUB_COUNTERS | GITHUB_OTHER_QUESTIONS | GITHUB_STARS | GITHUB_FAILURES,
        "github_graphql": GITHUB_GRAPHQL,
        "pypistats": PYPISTATS,
        "clickhouse": CLICKHOUSE,
        "stackexchange": STACKEXCHANGE,
        "google_trends": GOOGLE_TRENDS,
    }.items()
    for name, case in cases.items()
}

NOT_ASKED_FOR = {
    "clickhouse/clickpy_tables.json": "facts about tables, no exchange",
    **dict.fromkeys(
        [
            "gharchive/2013-2014.timeline.sample.ndjson",
            "gharchive/2019-02-12-0.sample.ndjson",
            "gharchive/2022-01-01.events_api.ndjson",
            "gharchive/2025-09-15-15.sample.ndjson",
            "gharchive/2026-06-01-15.sample.ndjson",
        ],
        "lines of event files, which no source reads",
    ),
}


def recorded(file: str) -> Any:
    return json.loads((PAYLOADS / file).read_text())


def outcome(collected: Any) -> tuple[Any, str]:
    """Return the rows or the class of the error, and what was told."""
    if collected.error:
        return type(collected.error), str(collected.error)
    answer = collected.answers[-1]
    return (Refused, answer.page.problem) if answer.page.problem else (rows_of(answer.data), "")


@pytest.mark.parametrize("file", TABLE)
@pytest.mark.usefixtures("impatient")
def test_a_recording_becomes_rows_or_a_named_error(replayed, exchange, file: str):
    """The collector that asks it tells the recording's rows, or what was found in their place."""
    case = TABLE[file]
    exchanges = {path: exchange.of(recorded(other)) for path, other in case.also.items()}
    exchanges |= {"": exchange.of(recorded(file), case.prefix)}
    now = next((now for ask, now in AFTER_ALL_DAYS.items() if case.ask.startswith(ask)), None)
    collected = replayed(case.ask, case.subjects(), exchanges, now, case.window)

    found, told = outcome(collected)
    assert found == case.expected, told
    assert case.told in told and "\n" not in told


def test_every_recording_is_in_the_table():
    """150 files: 144 are sent to a collector, 6 are of no source; a new file needs an expectation."""
    files = {
        file.relative_to(PAYLOADS).as_posix()
        for file in PAYLOADS.glob("*/*.*json")
        if not file.name.endswith(".provenance.json")
    }
    assert files == TABLE.keys() | NOT_ASKED_FOR.keys()
    ends = Counter(case.expected if isinstance(case.expected, type) else "rows" for case in TABLE.values())
    assert (len(TABLE), len(NOT_ASKED_FOR), ends["rows"]) == (144, 6, 26)
