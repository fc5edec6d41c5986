"""Whatever way answers come in, the marts are those of a build from scratch."""

import random
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import pytest

from tests.house import ARCHIVES
from tests.made import configuration

LAGS = {"stackoverflow": 400}
SUBJECTS = {
    "one": {"first_release_on": date(2015, 1, 1), "github": "one/one", "wikipedia": "One"},
    # An article that was moved, of which both titles count for some weeks.
    "two": {
        "github": "two/two",
        "stackoverflow": "two",
        "wikipedia": [
            {"article": "Two", "until": date(2023, 6, 30)},
            {"article": "Three", "since": date(2023, 6, 1)},
        ],
    },
}
CONFIGURATION = configuration(LAGS, **SUBJECTS)
WITH_THIRD = configuration(LAGS, **SUBJECTS, three={"github": "one/renamed", "wikipedia": "Three"})
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
FIRST_DAY = date(2021, 1, 4)
MOVED_DAYS = range(1200, 1235)
MARTS = (
    "adoption_monthly",
    "community_monthly",
    "crossovers",
    "events",
    "observations",
    "revisions",
    "series_status",
    "source_status",
)


def views(draw, told, name, at):
    """An article's newest days or a random stretch: mostly as before, some mended, now and then a spike."""
    known = (at.date() - FIRST_DAY).days
    first = max(draw.choice([known - 60] * 5 + [draw.randrange(known)]), 0)
    stretch = range(first, min(first + draw.choice([1, 60, known]), known))
    items = [
        {
            "article": name,
            "timestamp": f"{FIRST_DAY + timedelta(days=n):%Y%m%d}00",
            "views": round(usual_views(name, n) * draw.choice([1] * 60 + [2, 9])),
        }
        for n in stretch
    ]
    return told("wikipedia", "pageview_days", f"{name} {first}", {"items": items}, at)


def usual_views(name, day):
    """So noisy that it hangs on the noise around it whether a day is unusual; one is moved for a while."""
    is_moved = name == "Three" and day in MOVED_DAYS
    return random.Random(f"{name} {day}").lognormvariate(5, 0.45) / (30 if is_moved else 1)


def counters(draw, told, asked, at, takeovers):
    """A repository's counters; now and then its name means another one, which has a name of its own, too."""
    is_other = takeovers and asked == "one/one" and draw.random() < 0.1
    body = {
        "id": 3 if is_other else ["one/one", "two/two"].index(asked) + 1,
        "full_name": "one/renamed" if is_other else asked,
        "stargazers_count": draw.randrange(1000, 1100),
        "forks_count": 10,
        "open_issues_count": draw.randrange(50),
        "subscribers_count": None,
    }
    return told("github", "repository", asked, body, at)


def star_weeks(draw, told, asked, at):
    """A page of a repository's star history, mostly the newest one: some weeks have lost stars, some jump."""
    newest = datetime.combine(at.date() - timedelta(days=at.isoweekday() % 7), time(), UTC)
    first = newest - timedelta(weeks=draw.choice([0, 0, 0, draw.randrange(100)]))
    sundays = [first - timedelta(weeks=n) for n in range(30)]
    days = [[draw.choice([10] * 20 + [9]) * draw.choice([1] * 30 + [4])] * 7 for _ in sundays]
    weeks = [
        {"week": int(sunday.timestamp()), "total": sum(each), "days": each}
        for sunday, each in zip(sundays, days, strict=True)
    ]
    return told("github", "star_history", f"{asked} 1", weeks, at)


def questions(draw, told, at):
    month = at - timedelta(days=draw.choice([31, 62, 93]))
    return told(
        "stackoverflow", "question_months", f"two {month:%Y-%m}", {"total": draw.randrange(90, 100)}, at
    )


def answers(seed, told, takeovers):
    """Answers of four years in the order in which they came."""
    draw = random.Random(seed)
    times = sorted(NOW - timedelta(minutes=draw.randrange(60 * 24 * 1400)) for _ in range(160))
    kinds = [
        lambda at: views(draw, told, draw.choice(["One", "Two", "Three"]), at),
        lambda at: counters(draw, told, draw.choice(["one/one", "two/two"]), at, takeovers),
        lambda at: star_weeks(draw, told, draw.choice(["one/one", "two/two"]), at),
        lambda at: questions(draw, told, at),
    ]
    return [draw.choice(kinds)(at) for at in times]


def marts(house):
    """The rows in the order in which they lie in the file."""
    return {table: house.rows(f"from {table}") for table in MARTS}


def is_changed_copy(house):
    """Whether what was published last was changed, not written anew."""
    with duckdb.connect(house.settings.work_file, read_only=True) as work:
        return work.execute("select copies > 0 from raw.published").fetchall() == [(True,)]


@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize(("seed", "takeovers"), [(1, True), (2, False)][:ARCHIVES])
def test_bit_by_bit_is_as_from_scratch(warehouse, told, seed, takeovers):
    """In any portions, with a subject added on the way; the last one brings an answer of long before."""
    given = answers(seed, told, takeovers)
    late = given.pop(20)
    portions = [
        (CONFIGURATION, given[:120]),
        (CONFIGURATION, given[120:130]),
        (WITH_THIRD, given[130:132]),
        (WITH_THIRD, given[132:142]),
        (WITH_THIRD, [*given[142:], late]),
    ]
    copied = []
    for number, (asked, portion) in enumerate(portions):
        house = warehouse(asked, now=NOW)
        house.tell(*portion)
        house.build()
        copied.append(is_changed_copy(house))
        if number in (1, 3, 4):
            assert marts(house) == marts(house.from_scratch()), number
    # Of the second, most of the past is told anew each time.
    assert any(copied) or seed == 2
    assert {state for (state,) in house.rows("select distinct state from observations")} > {"suspect"}
    moved = "select count(*) from observations where state_reason like '%was the article moved or renamed?%'"
    assert house.rows(moved) == [(2 * len(MOVED_DAYS),)], "of both whose article it is"
