"""What an answer must be to be believed: each rule, shown failing on an answer that was right before."""

import json
import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from flows.client.answer_model import read_json
from flows.client.errors import Unanswered
from flows.sources.github.answers import (
    Repository,
    read_older_releases,
    read_older_star_weeks,
    read_releases,
    read_star_weeks,
    require_named,
)
from flows.sources.google_trends.answers import Asked, Window, read_timeline, read_widgets
from flows.sources.pypi.answers import read_overall, read_split
from flows.sources.pypi.log_answers import read_log_days
from flows.sources.pypi.split_answers import read_log_splits
from flows.sources.stackoverflow.answers import (
    read_question_total,
    read_synonyms,
    read_tag_totals,
    read_wait,
    read_wrapper,
)


def quoted(answer: Any) -> Any:
    """Write numbers as strings, as a server may."""
    return json.loads(re.sub(r"(?<=[: ])\d+(?=[,}])", r'"\g<0>"', json.dumps(answer)))


SUNDAY = 1_788_652_800
IN_2042 = int(datetime(2042, 3, 2, tzinfo=UTC).timestamp())
REPOSITORY = {
    "id": 1,
    "full_name": "One/One",
    "stargazers_count": 3,
    "forks_count": 2,
    "open_issues_count": 0,
    "subscribers_count": None,
}
RELEASE = {
    "id": 1,
    "tag_name": "v2.6.0",
    "name": None,
    "published_at": "2025-01-29T17:18:27Z",
    "draft": False,
    "prerelease": False,
    "html_url": "https://github.com/One/One/releases/tag/v2.6.0",
}
WEEK = {"week": SUNDAY, "total": 3, "days": [0, 0, 1, 0, 2, 0, 0]}
WEEK_BEFORE = {"week": SUNDAY - 604_800, "total": 0, "days": [0] * 7}
DAY = {"category": "without_mirrors", "date": "2025-03-01", "downloads": 7}
OVERALL = {"package": "one", "type": "overall_downloads", "data": [DAY]}
SYSTEM = {"package": "one", "type": "system_downloads", "data": [DAY | {"category": "Linux"}]}
PYTHON = {"package": "one", "type": "python_minor_downloads", "data": [DAY | {"category": "3.12"}]}
LOGGED = {
    "date": "2025-02-01",
    "package": "torch",
    "installers": {"pip": 5, "": 2},
    "downloads": 7,
    "counted": 7,
}
NOBODY = {"date": "2025-02-02", "package": "torch", "installers": {}, "downloads": 0, "counted": 0}
LOGS = {"data": [LOGGED, NOBODY], "rows": 2, "totals": {"downloads": 7, "counted": 7}}
NO_DOWNLOADS = {"downloads": 0, "counted": 0}
NOTHING = {"data": [], "rows": 0, "totals": NO_DOWNLOADS}
TAGS = {"items": [{"name": "one", "count": 0}], "has_more": False, "quota_remaining": 200}
SYNONYM = {"from_tag": "uno", "to_tag": "one", "creation_date": 1_500_000_000, "applied_count": 7}
SYNONYMS = {"items": [SYNONYM], "has_more": False}
POINT = {"time": "1072915200", "value": [100, 0], "hasData": [True, False]}
TIMELINE = {"default": {"timelineData": [POINT, POINT | {"time": "1075593600", "isPartial": True}]}}
ITEMS = [
    {"geo": {}, "complexKeywordsRestriction": {"keyword": [{"type": "BROAD", "value": t}]}}
    for t in ("one", "two")
]
COMPARISON = {
    "comparisonItem": ITEMS,
    "time": "2004-01-01 2004-02-05",
    "resolution": "MONTH",
    "requestOptions": {"property": "", "backend": "IZG", "category": 0},
}
OVER_TIME = {"id": "TIMESERIES", "request": COMPARISON, "token": "t"}
FEBRUARY_2004, NOON = datetime(2004, 2, 5, 6, tzinfo=UTC), datetime(2025, 8, 6, 12, tzinfo=UTC)
MOVED_WINDOWS = ("2025-05-06 2025-08-06", "2025-05-07 2025-08-05", "2025-05-10 2025-08-07")

repository = partial(read_json, Repository)
today = date(2026, 9, 16)
star_weeks, older_star_weeks = partial(read_star_weeks, today), partial(read_older_star_weeks, today)
releases, older_releases = partial(read_releases, today), partial(read_older_releases, today)
NEXT_DAY = date(2025, 3, 2)
overall = partial(read_overall, "one", NEXT_DAY)
system, python = (partial(read_split, split, "one", NEXT_DAY) for split in ("system", "python_minor"))
SPLIT = {
    "date": "2025-02-02",
    "package": "pip",
    "versions": {},
    "countries": {},
    "downloads": 0,
    "located": 0,
}
SPLIT_OF_TORCH = {
    "date": "2025-02-02",
    "package": "torch",
    "versions": {"2.9": 4, "pre-release": 2, "other": 1},
    "countries": {"US": 6, "": 1},
    "downloads": 7,
    "located": 7,
}
SPLIT_DAYS = {"data": [SPLIT, SPLIT_OF_TORCH], "rows": 2, "totals": {"downloads": 7, "located": 7}}


def split_days(**changed):
    """The answer with a day that tells something else."""
    return SPLIT_DAYS | {"data": [SPLIT, SPLIT_OF_TORCH | changed]}


split = partial(read_log_splits, ["torch"], date(2025, 2, 1), date(2025, 2, 9), date(2025, 2, 2), 5)
logs = partial(read_log_days, ["torch"], date(2025, 2, 1), date(2025, 2, 9), 5, is_whole=True)
last_logs = partial(read_log_days, ["torch"], date(2025, 2, 1), date(2025, 2, 9), 5, is_whole=False)
both_logs = partial(read_log_days, ["torch", "keras"], date(2025, 2, 1), date(2025, 2, 9), 5, is_whole=False)
tags = partial(read_tag_totals, ["one", "two"])
synonyms = partial(read_synonyms, ["one", "two"], date(2026, 9, 16))
asked = Asked(("one", "two"), Window(date(2004, 1, 1), date(2004, 2, 5), "MONTH"), FEBRUARY_2004)
timeline, widgets = partial(read_timeline, asked), partial(read_widgets, asked)
# A window that moves on, of three months or so.
asked_days = Asked(("one", "two"), Window(date(2025, 5, 7), date(2025, 8, 6), "DAY", 3), NOON)
days, day_widgets = partial(read_timeline, asked_days), partial(read_widgets, asked_days)


def comparison(**changes: Any) -> dict[str, Any]:
    """Widgets that lead to another question's values."""
    return {"widgets": [OVER_TIME | {"request": COMPARISON | changes}]}


def by_day(first: date, last: date, without: Collection[date] = ()) -> dict[str, Any]:
    """A point a day."""
    every = (first + timedelta(n) for n in range((last - first).days + 1))
    starts = [datetime.combine(day, time(), UTC) for day in every if day not in without]
    return {"default": {"timelineData": [POINT | {"time": int(at.timestamp())} for at in starts]}}


def body(answer: Any, read: Callable[[bytes], Any]) -> bytes:
    guard = ")]}',\n" if read in (timeline, widgets, days, day_widgets) else ""
    return (guard + json.dumps(answer)).encode()


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (repository, REPOSITORY | {"stargazers_count": 0, "a_new_field": {}}),
        (star_weeks, [WEEK, WEEK_BEFORE]),
        (star_weeks, [WEEK | {"week": SUNDAY + 86_400}, WEEK_BEFORE]),
        (star_weeks, [WEEK | {"week": SUNDAY + 25_200}]),
        (star_weeks, []),
        (releases, [RELEASE, RELEASE | {"draft": True, "published_at": None}]),
        (releases, []),
        (overall, OVERALL | {"data": [DAY, DAY | {"category": "with_mirrors"}]}),
        (system, SYSTEM | {"data": [DAY | {"category": c} for c in ("Darwin", "Windows", "other", "null")]}),
        (python, PYTHON | {"data": [DAY | {"category": c} for c in ("2.7", "3.14", "null")]}),
        (logs, LOGS | {"meta": []}),
        (split, SPLIT_DAYS),
        (split, quoted(SPLIT_DAYS)),
        (split, SPLIT_DAYS | {"data": [SPLIT], "rows": 1, "totals": {"downloads": 0, "located": 0}}),
        (logs, quoted(LOGS)),
        (logs, LOGS | {"data": [LOGGED | {"installers": {"Code: 1. DB::Exception: x": 7}}, NOBODY]}),
        (last_logs, NOTHING),
        (last_logs, {"data": [NOBODY], "rows": 1, "totals": NO_DOWNLOADS}),
        (both_logs, {"data": [], "rows": 0, "totals": NO_DOWNLOADS}),
        (
            both_logs,
            {"data": [NOBODY | {"package": "keras"}, NOBODY], "rows": 2, "totals": NO_DOWNLOADS},
        ),
        (logs, LOGS | {"data": [LOGGED | {"counted": 0}, NOBODY], "totals": {"downloads": 7, "counted": 0}}),
        (tags, TAGS),
        (synonyms, SYNONYMS),
        (synonyms, {"items": [], "has_more": False}),
        (read_question_total, {"total": 0}),
        (timeline, TIMELINE),
        (timeline, {"default": {"timelineData": [{"time": "1072915200", "value": [1, 2]}]}}),
        (widgets, {"widgets": [{"id": "GEO_MAP"}, OVER_TIME]}),
        # Our day and Google's may have turned at different times.
        (widgets, comparison(time="2004-01-01 2004-02-04")),
        *((day_widgets, comparison(time=told, resolution="DAY")) for told in MOVED_WINDOWS),
        (days, by_day(date(2025, 5, 6), date(2025, 8, 6))),
        (days, by_day(date(2025, 5, 9), date(2025, 8, 2))),
    ],
)
def test_a_right_answer_is_read(read, answer):
    """Zero is an answer, unknown fields are ignored, 64-bit integers may come as strings."""
    assert read(body(answer, read)) is not None


@pytest.mark.parametrize(
    ("read", "answer", "told"),
    [
        (repository, {k: v for k, v in REPOSITORY.items() if k != "forks_count"}, "forks_count"),
        (repository, REPOSITORY | {"stargazers_count": -1}, "greater than or equal to 0"),
        (repository, REPOSITORY | {"stargazers_count": 10**12}, "expected a count below 1,000,000,000,000"),
        (repository, REPOSITORY | {"stargazers_count": None}, "valid integer"),
        (repository, REPOSITORY | {"stargazers_count": "3"}, "valid integer"),
        (repository, REPOSITORY | {"stargazers_count": True}, "valid integer"),
        (repository, REPOSITORY | {"id": 0}, "greater than 0"),
        (repository, REPOSITORY | {"id": 2**63}, "less than"),
        (repository, [REPOSITORY], "object"),
        (repository, REPOSITORY | {"full_name": "One"}, "match pattern"),
        (repository, {k: v for k, v in REPOSITORY.items() if k != "subscribers_count"}, "subscribers_count"),
        (releases, [RELEASE | {"id": 0}], "greater than 0"),
        (releases, [RELEASE | {"tag_name": ""}], "at least 1 character"),
        (releases, [RELEASE | {"published_at": None}], "found v2.6.0 published at no time"),
        (releases, [RELEASE | {"published_at": "2025-01-29T17:18:27"}], "timezone"),
        (releases, [RELEASE | {"published_at": "soon"}], "valid datetime"),
        (releases, [RELEASE | {"draft": 0}], "valid boolean"),
        (releases, [RELEASE | {"prerelease": None}], "valid boolean"),
        (releases, [RELEASE | {"html_url": "javascript:alert(1)"}], "match pattern"),
        (older_releases, [], "found no releases"),
        (star_weeks, [WEEK | {"total": 4}], "found a total of 4, expected the sum of its days, 3"),
        (star_weeks, [WEEK | {"days": [1, 1, 1, 0, 0, 0]}], "at least 7 items"),
        (star_weeks, [WEEK | {"days": [1, 1, 1, 0, 0, 0, 0, 0]}], "at most 7 items"),
        (star_weeks, [WEEK | {"days": [-1, 1, 1, 0, 2, 0, 0]}], "greater than or equal to 0"),
        (star_weeks, [WEEK | {"week": SUNDAY * 1000}], "less than 4102444800"),
        (
            star_weeks,
            [WEEK | {"week": SUNDAY + 7 * 86_400}],
            "stars of 2026-09-17, expected none after 2026-09-16",
        ),
        (
            star_weeks,
            [WEEK | {"week": IN_2042, "total": 0, "days": [0] * 7}],
            "a week of 2042-03-02, expected",
        ),
        (star_weeks, [WEEK | {"week": 0}], "a week of 1970-01-01, expected none before 2007-10-01"),
        (releases, [RELEASE | {"published_at": "2026-09-17T00:00:00Z"}], "a release of 2026-09-17, expected"),
        (releases, [RELEASE | {"published_at": "2006-01-01T00:00:00Z"}], "a release of 2006-01-01, expected"),
        (star_weeks, [WEEK_BEFORE, WEEK], "expected the newest first"),
        (star_weeks, [WEEK, WEEK], "expected the newest first"),
        (older_star_weeks, [], "found no weeks"),
        (overall, OVERALL | {"package": "two"}, "found package two, expected one"),
        (overall, OVERALL | {"type": "system_downloads"}, "overall_downloads"),
        (overall, OVERALL | {"data": [DAY | {"category": "null"}]}, "without_mirrors"),
        (overall, OVERALL | {"data": [DAY | {"date": "2025-02-30"}]}, "valid date"),
        (overall, OVERALL | {"data": [DAY | {"downloads": -7}]}, "greater than or equal to 0"),
        (overall, OVERALL | {"data": [DAY | {"downloads": 7.5}]}, "valid integer"),
        (overall, OVERALL | {"data": [DAY | {"date": "2015-12-31"}]}, "downloads of 2015-12-31, expected"),
        (overall, OVERALL | {"data": [DAY, DAY]}, "found without_mirrors 2025-03-01 2 times, expected once"),
        (overall, OVERALL | {"data": None}, "valid array"),
        (
            overall,
            OVERALL | {"data": [DAY, DAY | {"date": "2025-03-02"}]},
            "found downloads of 2025-03-02, expected none of 2025-03-02 or later",
        ),
        (system, SYSTEM | {"package": "two"}, "found package two, expected one"),
        (system, PYTHON, "system_downloads"),
        (system, SYSTEM | {"data": [DAY | {"category": "Haiku"}]}, "'Darwin', 'Linux'"),
        (system, SYSTEM | {"data": SYSTEM["data"] * 2}, "found Linux 2025-03-01 2 times, expected once"),
        (
            system,
            SYSTEM | {"data": [DAY | {"category": "Linux", "date": "2025-03-20"}]},
            "found downloads of 2025-03-20, expected none of 2025-03-02 or later",
        ),
        (python, PYTHON | {"data": [DAY | {"category": "3"}]}, "pattern"),
        (python, PYTHON | {"data": [DAY | {"category": "\u0663.\u0661"}]}, "pattern"),
        (logs, LOGS | {"data": [LOGGED | {"downloads": "\u0667"}, NOBODY]}, "valid integer"),
        (python, PYTHON | {"data": [DAY | {"category": None}]}, "valid string"),
        (logs, LOGS | {"rows": 3}, "found 2 rows, expected the 3 that are told of"),
        (split, SPLIT_DAYS | {"rows": 3}, "found 2 rows, expected the 3 that are told of"),
        (split, split_days(downloads=8), "found 7 downloads by versions, expected the day's 8"),
        (split, split_days(located=8), "found 7 downloads by countries, expected the day's 8"),
        (split, split_days(versions={"2.9.1": 7}), "versions"),
        (split, split_days(countries={"USA": 7}), "countries"),
        (split, split_days(date="2025-02-10"), "to 2025-02-10, expected them"),
        (split, split_days(package="keras"), "found days out of order"),
        (split, split_days(package="tf"), "found days of tf, expected those of torch"),
        (
            split,
            SPLIT_DAYS | {"totals": {"downloads": 9, "located": 7}},
            "found days of 7 downloads, expected the total of 9",
        ),
        (
            logs,
            LOGS | {"totals": {"downloads": 9, "counted": 7}},
            "found days of 7 downloads, expected the total of 9",
        ),
        (
            logs,
            LOGS | {"totals": {"downloads": 7, "counted": 9}},
            "found days of 7 counted, expected the total of 9",
        ),
        (logs, LOGS | {"data": [LOGGED, {k: v for k, v in NOBODY.items() if k != "counted"}]}, "counted"),
        (
            partial(read_log_days, ["torch"], date(2025, 2, 1), date(2025, 2, 9), 2, is_whole=True),
            LOGS,
            "found 2 rows, expected fewer than the limit of 2",
        ),
        (logs, LOGS | {"data": [NOBODY, LOGGED]}, "found days out of order"),
        (both_logs, LOGS, "found no day of keras, expected some of each package"),
        (
            logs,
            LOGS | {"data": [LOGGED, NOBODY | {"package": "tf"}]},
            "found days of tf, expected those of torch",
        ),
        (logs, LOGS | {"data": [LOGGED, {k: v for k, v in NOBODY.items() if k != "package"}]}, "package"),
        (logs, LOGS | {"data": [LOGGED, NOBODY | {"date": "2025-02-01"}]}, "found days out of order"),
        (logs, LOGS | {"data": [LOGGED | {"date": "2025-01-31"}, NOBODY]}, "found days from 2025-01-31 to"),
        (logs, LOGS | {"data": [LOGGED, NOBODY | {"date": "2025-02-10"}]}, "to 2025-02-10, expected them"),
        (
            logs,
            LOGS | {"data": [LOGGED | {"downloads": 8}, NOBODY]},
            "found 7 downloads by installer, expected the day's 8",
        ),
        (logs, LOGS | {"data": [LOGGED | {"installers": {"pip": "-7"}}, NOBODY]}, "valid integer"),
        (logs, LOGS | {"data": [LOGGED | {"installers": None}, NOBODY]}, "should be an object"),
        (logs, {"data": [LOGGED, NOBODY], "rows": 2}, "totals"),
        (
            tags,
            TAGS | {"items": [{"name": "three", "count": 1}]},
            "found three, expected each at most once of",
        ),
        (tags, TAGS | {"items": TAGS["items"] * 2}, "found one, one, expected each at most once of one, two"),
        (tags, TAGS | {"items": [{"name": "one", "count": -1}]}, "greater than or equal to 0"),
        (tags, TAGS | {"has_more": True}, "has_more"),
        (synonyms, SYNONYMS | {"has_more": True}, "has_more"),
        (
            synonyms,
            SYNONYMS | {"items": [SYNONYM | {"to_tag": "three"}]},
            "found synonyms of three, expected those of one, two",
        ),
        (synonyms, SYNONYMS | {"items": [SYNONYM | {"creation_date": 2**32}]}, "less than 4294967296"),
        (synonyms, SYNONYMS | {"items": [SYNONYM | {"creation_date": IN_2042}]}, "a synonym of 2042-03-02"),
        (read_question_total, {"items": []}, "total"),
        (read_question_total, {"total": -1}, "greater than or equal to 0"),
        (read_question_total, {"total": 1.5}, "valid integer"),
        (read_question_total, {"total": 1, "backoff": "soon"}, "valid number"),
        (timeline, {"default": {"timelineData": []}}, "found no points"),
        (timeline, {"default": {"timelineData": [POINT | {"value": [101, 0]}]}}, "less than or equal to 100"),
        (timeline, {"default": {"timelineData": [POINT | {"value": [-1, 0]}]}}, "greater than or equal to 0"),
        (
            timeline,
            {"default": {"timelineData": [POINT | {"value": [100]}]}},
            "1 values and 2 marks at 1072915200",
        ),
        (
            timeline,
            {"default": {"timelineData": [POINT | {"hasData": []}]}},
            "2 values and 0 marks at 1072915200",
        ),
        (
            timeline,
            {"default": {"timelineData": [POINT | {"time": "1072915200000"}]}},
            "less than 4102444800",
        ),
        (timeline, {"default": {"timelineData": [POINT | {"time": "Jan 2004"}]}}, "valid integer"),
        (timeline, {"default": {"timelineData": [POINT, POINT]}}, "expected the oldest first"),
        (widgets, {"widgets": []}, "found 0 widgets over time, expected one"),
        (widgets, {"widgets": [OVER_TIME | {"token": None}]}, "token"),
        (
            widgets,
            comparison(comparisonItem=ITEMS[:1]),
            "found the terms one, expected one, two",
        ),
        *(
            (
                widgets,
                comparison(comparisonItem=[ITEMS[0], ITEMS[1] | {"geo": geo}]),
                f"found the region {told}",
            )
            for geo, told in (
                ({"country": "US"}, "worldwide, US, expected worldwide"),
                ({"region": "US-CA"}, "worldwide, US-CA, expected worldwide"),
            )
        ),
        (
            widgets,
            comparison(requestOptions={"property": "", "category": 5}),
            "found the category 5, expected 0",
        ),
        (
            widgets,
            comparison(requestOptions={"property": "youtube", "category": 0}),
            "found the property youtube, expected web search",
        ),
        (widgets, comparison(requestOptions={"property": ""}), "category"),
        *(
            (widgets, comparison(time=told), f"found the window {told}, expected 2004-01-01 2004-02-05")
            for told in (
                "2004-01-02 2004-02-05",
                "2004-01-01 2004-02-03",
                "2004-01-01T00 2004-02-05T00",
                "all",
            )
        ),
        (day_widgets, comparison(time="2025-05-03 2025-08-06"), "found the window 2025-05-03 2025-08-06"),
        (widgets, comparison(resolution="WEEK"), "found the resolution WEEK, expected MONTH"),
        (
            days,
            by_day(date(2025, 5, 3), date(2025, 8, 6)),
            "found a point of 2025-05-03, expected 2025-05-07",
        ),
        (days, by_day(date(2025, 5, 6), date(2025, 8, 7)), "found a point of 2025-08-07"),
        (days, by_day(date(2025, 5, 12), date(2025, 8, 6)), "found no point from 2025-05-10 to 2025-05-12"),
        (days, by_day(date(2025, 5, 6), date(2025, 7, 28)), "found no point from 2025-07-28 to 2025-07-30"),
        (
            days,
            by_day(date(2025, 5, 6), date(2025, 8, 6), [date(2025, 6, 1)]),
            "found no point from 2025-05-31 to 2025-06-02",
        ),
    ],
)
def test_a_wrong_answer_is_refused_with_what_was_found(read, answer, told):
    """A missing, mistyped or impossible field, a sum that is none, a cut result, another thing's figures."""
    with pytest.raises(ValueError) as error:
        read(body(answer, read))
    assert told in str(error.value)
    assert not isinstance(error.value, Unanswered)


@pytest.mark.parametrize(
    ("read", "answer", "told"),
    [
        (overall, OVERALL | {"data": []}, "found no days"),
        (system, SYSTEM | {"data": []}, "found no days"),
        (logs, NOTHING, "found no downloads"),
        (logs, {"data": [NOBODY], "rows": 1, "totals": NO_DOWNLOADS}, "found no downloads"),
        (tags, TAGS | {"items": []}, "found no tags"),
    ],
)
def test_nothing_known_is_no_zero(read, answer, told):
    """An empty answer about a package or tag says that the name is unknown."""
    with pytest.raises(Unanswered, match=told):
        read(body(answer, read))


@pytest.mark.parametrize("tail", [b"", b'{"meta": [], "data": [{"date": "2025-02-01"'])
def test_an_error_at_the_end_of_rows_is_told_in_its_own_words(tail: bytes):
    """ClickHouse may fail after it has begun a 200; what came before is not believed."""
    with pytest.raises(
        ValueError, match=r"^found Code: 241\. DB::Exception: Memory limit .*, expected rows$"
    ):
        logs(tail + b"\nCode: 241. DB::Exception: Memory limit (total)\nexceeded\n")


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("http://h/repos/one/one", True),
        ("http://h/repos/ONE/one?per_page=30", True),
        ("http://h/repositories/1", True),
        ("http://h/repos/one/another", False),
        ("http://h/repos/old/one/one", False),
        ("http://h/repositories/11", False),
        ("http://h/repositories/2", False),
    ],
)
def test_a_repository_is_the_one_that_was_asked_for(url: str, is_ours: bool):
    """By its name in whatever case, or behind a move by its id; else the figures are another's."""
    told = Repository.model_validate(REPOSITORY)
    if is_ours:
        require_named(told, url)
        return
    with pytest.raises(ValueError, match=r"found One/One \(id 1\), expected the repository of /repo"):
        require_named(told, url)


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (logs, b'{"data": [], "rows": 0, "rows": 1, "totals": {"downloads": 0, "counted": 0}}'),
        (logs, json.dumps(LOGS).replace('"pip": ', '"pip": 1, "pip": ').encode()),
        (overall, json.dumps(OVERALL).replace('"downloads"', '"downloads": 1, "downloads"').encode()),
        (timeline, b")]}',\n" + json.dumps(TIMELINE).replace('"value"', '"value": [], "value"').encode()),
    ],
)
def test_a_key_that_is_told_twice_is_refused(read, told):
    """One reader takes the first of its values, another the last."""
    with pytest.raises(ValueError, match=r"found the key '\w+' more than once"):
        read(told)


@pytest.mark.parametrize("read", [repository, star_weeks, overall, logs, tags, timeline])
def test_what_is_nested_too_deep_is_refused(read):
    """In one line, and not by the end of the process."""
    with pytest.raises(ValueError, match="too deep to be read"):
        read(b"\n" + b"[" * 100_000)


def test_what_the_service_says_of_itself_is_read_from_any_answer():
    """From a refusal too; nothing is read out of a body that cannot be."""
    assert read_wrapper(b'{"error_id": 502, "backoff": 10}').backoff == 10
    assert read_wrapper(b"<html>").error_id is None
    with pytest.raises(ValueError, match="Expecting value"):
        read_question_total(b"<html>")


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("too many requests from this IP, more requests available in 46472 seconds", 46472),
        ("Violation of backoff parameter", None),
        (None, None),
    ],
)
def test_the_wait_is_read_from_the_message(message, seconds):
    """Where it tells one; nowhere else does the service say how long it will refuse."""
    told = {"error_id": 502, "error_name": "throttle_violation", "error_message": message}
    assert read_wait(json.dumps(told).encode()) == seconds


@pytest.mark.parametrize(
    ("error_id", "message", "is_about_key"),
    [
        (400, "`key` doesn't match a known application", True),
        (400, "key is not valid", True),
        (400, "keywords", False),
        (400, "tagged", False),
        (502, "`key`", False),
    ],
)
def test_a_refused_key_is_told_from_other_bad_parameters(error_id, message, is_about_key):
    """By the beginning of the message, because the error has no number of its own."""
    told = read_wrapper(json.dumps({"error_id": error_id, "error_message": message}).encode())
    assert told.is_about_key is is_about_key
