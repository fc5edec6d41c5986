"""Whatever way answers come in, the marts are those of a build from scratch."""

import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

CONFIGURATION = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
first_release_on = 2015-01-01
github = "one/one"
wikipedia = "One"
[[subjects]]
id = "two"
name = "Two"
github = "two/two"
stackoverflow = "two"
wikipedia = "Two"
[sources]
github = { expected_lag_days = 2 }
stackoverflow = { expected_lag_days = 400 }
wikipedia = { expected_lag_days = 4 }
"""
THIRD = """
[[subjects]]
id = "three"
name = "Three"
github = "one/renamed"
wikipedia = "Three"
"""
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
FIRST_DAY = date(2023, 1, 1)
MARTS = (
    "adoption_monthly",
    "community_monthly",
    "crossovers",
    "events",
    "observations",
    "revisions",
    "source_status",
)


def views(draw, told, name, at):
    """An article's days of a random stretch: mostly as before, some mended, now and then a spike."""
    first = draw.randrange(0, 380)
    stretch = range(first, min(first + draw.choice([1, 60, 400]), 400))
    items = [
        {
            "article": name,
            "timestamp": f"{FIRST_DAY + timedelta(days=n):%Y%m%d}00",
            "views": (100 + 7 * n % 13) * draw.choice([1] * 60 + [2, 9]),
        }
        for n in stretch
    ]
    return told("wikipedia", "pageview_days", f"{name} {first}", {"items": items}, at)


def counters(draw, told, asked, at):
    """A repository's counters; now and then its name has changed, or means another one."""
    body = {
        "id": draw.choice([1] * 9 + [2]) if asked == "one/one" else 2,
        "full_name": draw.choice([asked] * 9 + ["one/renamed"]),
        "stargazers_count": draw.randrange(1000, 1100),
        "forks_count": 10,
        "open_issues_count": draw.randrange(50),
        "subscribers_count": None,
    }
    return told("github", "repository", asked, body, at)


def questions(draw, told, at):
    month = draw.choice(["2024-05", "2024-06", "2024-07"])
    return told("stackoverflow", "question_months", f"two {month}", {"total": draw.randrange(90, 100)}, at)


def answers(seed, told):
    """Answers of a year in the order in which they came."""
    draw = random.Random(seed)
    times = sorted(NOW - timedelta(minutes=draw.randrange(60 * 24 * 365)) for _ in range(80))
    kinds = [
        lambda at: views(draw, told, draw.choice(["One", "Two", "Three"]), at),
        lambda at: counters(draw, told, draw.choice(["one/one", "two/two"]), at),
        lambda at: questions(draw, told, at),
    ]
    return [draw.choice(kinds)(at) for at in times]


def from_scratch(house):
    """The marts as another warehouse on the same archive makes them."""
    settings = house.settings
    other = replace(settings, data=settings.data.with_name("other"))
    shutil.copytree(settings.archive, other.archive, dirs_exist_ok=True)
    other.work_file.unlink(missing_ok=True)
    return marts(type(house)(other).build())


def marts(house):
    return {table: house.rows(f"from {table} order by all") for table in MARTS}


@pytest.mark.parametrize("seed", [1, 2])
def test_bit_by_bit_is_as_from_scratch(warehouse, told, seed):
    """In any portions, with a subject added on the way; the last one brings an answer of long before."""
    given = answers(seed, told)
    late = given.pop(20)
    house = warehouse(CONFIGURATION, now=NOW)
    for portion in (given[:50], given[50:51], given[51:70]):
        house.tell(*portion)
        house.build()
    assert marts(house) == from_scratch(house)

    house = warehouse(CONFIGURATION.replace("[sources]", f"{THIRD}[sources]"), now=NOW)
    for portion in (given[70:72], [*given[72:], late]):
        house.tell(*portion)
        house.build()
    assert marts(house) == from_scratch(house)
    assert {state for (state,) in house.rows("select distinct state from observations")} > {"suspect"}
