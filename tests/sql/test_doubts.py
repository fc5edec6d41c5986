"""What a check warns of about a figure stands on that figure: every doubt, and what raises none."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from tests.made import called, configuration

NAMES = ("one", "two", "three", "four")
ASKED = ("github", "stackoverflow", "wikipedia")
NOW = datetime(2026, 12, 3, 6, tzinfo=UTC)
MOVED = date(2026, 10, 12)
TIMES = [NOW - timedelta(days=4 - n) for n in range(5)]
TAGS = {"one": 1000, "two": 500, "three": 800, "four": 700}
# Five readings of the counters of each, of which the last is today's.
STARS = {
    "one": [1000, 1001, 0, 1003, 1004],
    "two": [1000, 1000, 989, 990, 991],
    "three": [1000, 1002, 1004, 1006, 1008],
    "four": [2000, 2001, 2002, 2003, 2004],
}
# Halved by a recount that stands; tripled for a day; newest not yet confirmed.
FORKS = {
    "one": [900, 900, 400, 401, 402],
    "two": [900, 900, 2700, 901, 902],
    "three": [900, 901, 902, 903, 300],
    "four": [4, 9, 4, 3, 9],
}
SUSPECT = (
    "select subject_id, period_start, value, state_reason from observations "
    "where metric_id = '{}' and state = 'suspect' order by 1, 2"
)


def four_and_a_fifth() -> str:
    """The fifth is the fourth's repository under another name."""
    subjects = {name: {"first_release_on": date(2015, 1, 1), **called(name, *ASKED)} for name in NAMES}
    return configuration(dict.fromkeys(ASKED, 40), **subjects, five={"github": "four/five"})


def counters(told):
    for name in (*NAMES, "five"):
        number, own = (4, "four") if name == "five" else (NAMES.index(name) + 1, name)
        for at, stars, forks in zip(TIMES, STARS[own], FORKS[own], strict=True):
            body = {
                "id": number,
                "full_name": f"{own}/{own}",
                "stargazers_count": stars,
                "forks_count": forks,
                "open_issues_count": 50,
            }
            yield told("github", "repository", "four/five" if name == "five" else f"{own}/{own}", body, at)


def weeks(told, name, first_days: Iterable[date], at=NOW):
    sent = [
        {"week": int(datetime.combine(day, time(), UTC).timestamp()), "total": 14, "days": [2] * 7}
        for day in first_days
    ]
    return told("github", "star_history", f"{name}/{name} 1", sent, at)


def questions(told, name):
    for month in (6, 7, 8, 9, 10, 11):
        read_at = NOW if month > 7 else NOW - timedelta(days=60)
        yield told("stackoverflow", "question_months", f"{name} 2026-{month:02}", {"total": 90}, read_at)


def totals(told, name, before, now):
    for at, total in ((NOW - timedelta(days=1), before), (NOW, now)):
        yield told("stackoverflow", "tag_totals", name, {"items": [{"name": name, "count": total}]}, at)


def views(told, name, count):
    """A hundred and fifty days up to yesterday, quieter at the end of a week."""
    days = [NOW.date() - timedelta(days=n) for n in range(150, 0, -1)]
    items = [
        {
            "article": name.title(),
            "timestamp": f"{day:%Y%m%d}00",
            "views": round(count(day) * (0.6 if day.isoweekday() > 5 else 1) + day.day % 7),
        }
        for day in days
    ]
    return told("wikipedia", "pageview_days", f"{name.title()} 2015-07-01", {"items": items}, NOW)


def test_what_is_warned_of_stands_on_the_figure(warehouse, told):
    """Counters that leap, weeks that begin anew, tags that mean another thing, articles that were left.

    The fifth subject is the fourth's repository under another name. No source is withheld.
    """
    house = warehouse(four_and_a_fifth(), now=NOW)
    synonym = {"from_tag": "four", "to_tag": "three", "creation_date": 1_790_000_000}  # 2026-09-21
    sundays = [date(2026, 11, 15) - timedelta(weeks=n) for n in range(4)]
    house.tell(
        *counters(told),
        weeks(told, "one", [date(2026, 11, 16), date(2026, 11, 9)]),
        weeks(told, "one", sundays, NOW - timedelta(days=3)),
        weeks(told, "two", sundays),
        *(answer for name in NAMES for answer in questions(told, name)),
        *totals(told, "one", 1000, 1400),
        *totals(told, "two", 1000, 990),
        told("stackoverflow", "tag_synonyms", "four;three", {"items": [synonym], "has_more": False}, NOW),
        views(told, "one", lambda day: 1500 if day < MOVED else 10),
        views(told, "two", lambda day: 10 if MOVED <= day < MOVED + timedelta(days=30) else 1500),
        views(told, "three", lambda day: 9000 if day == MOVED else 1500 if day < MOVED else 600),
        views(told, "four", lambda day: 12 if day < MOVED else 1),
    )
    house.build()

    of_both = "Four and Five are one repository at GitHub: these are the figures of both"
    stars = house.rows(SUSPECT.format("github_stars_total"))
    assert [row for row in stars if row[3] != of_both] == [
        ("one", date(2026, 12, 1), 0.0, "0 after 1,001, and none at all is no counter that runs"),
        ("two", date(2026, 12, 1), 989.0, "989 after 1,000 all at once"),
    ]
    assert [row[0] for row in stars if row[3] == of_both] == ["five"] * 5 + ["four"] * 5
    forks = house.rows(SUSPECT.format("github_forks_total"))
    assert [row for row in forks if row[3] != of_both] == [
        ("three", date(2026, 12, 3), 300.0, "300 after 903 all at once"),
        ("two", date(2026, 12, 1), 2700.0, "2,700 after 900 all at once"),
    ]

    gained = house.rows(
        "select subject_id, period_start, state, state_reason from observations "
        "where metric_id = 'github_stars_gained' order by 1, 2"
    )
    monday = "GitHub began this week on a Monday, not on a Sunday"
    assert [row for row in gained if row[0] == "one"] == [
        ("one", date(2026, 10, 25), "ok", None),
        ("one", date(2026, 11, 1), "ok", None),
        ("one", date(2026, 11, 9), "suspect", monday),
        ("one", date(2026, 11, 16), "suspect", monday),
    ]
    assert {row[2] for row in gained if row[0] == "two"} == {"ok"}

    merged = (
        "the tag one had 1,400 questions ever on 2026-12-03, 1,000 the time before: was it merged or renamed?"
    )
    turned = "Stack Overflow turns the tag four into three since 2026-09-21, and both are compared"
    assert house.rows(SUSPECT.format("stackoverflow_questions")) == [
        *(("four", date(2026, month, 1), 90.0, turned) for month in (9, 10, 11)),
        *(("one", date(2026, month, 1), 90.0, merged) for month in (8, 9, 10, 11)),
        *(("three", date(2026, month, 1), 90.0, turned) for month in (9, 10, 11)),
    ]
    breaks = "select occurred_on, title from events where event_id like 'stackoverflow-jump-%'"
    assert house.rows(breaks) == [
        (date(2026, 12, 3), "The tag one has 1,400 questions ever, after 1,000: it was merged or renamed")
    ]

    moved = house.rows(SUSPECT.format("wikipedia_pageviews"))
    left = [row for row in moved if row[0] == "one"]
    assert [row[1] for row in left] == [MOVED + timedelta(days=n) for n in range(52)]
    assert {row[3] for row in left} == {
        "1,501 views a day until 2026-10-11, about 12 since: was the article moved or renamed?"
    }
    gone = [row[1] for row in moved if row[0] == "two"]
    assert gone == [MOVED + timedelta(days=n) for n in range(30)]
    assert [row[1] for row in moved if row[0] == "three"] == [MOVED]
    assert [row for row in moved if row[0] == "four"] == []

    # All of it is warned of, and no crossover rests on a figure in doubt.
    failed = house.rows("select check_id, severity from quality_checks where not passed order by 1")
    assert {severity for _, severity in failed} == {"warn"}
    assert {check_id for check_id, _ in failed} >= {
        "compared_tags_are_not_synonyms",
        "counters_do_not_leap",
        "pageviews_keep_their_level",
        "stars_do_not_fall_at_once",
        "subjects_are_different_repositories",
        "tag_totals_do_not_jump",
        "weeks_of_stars_begin_on_sunday",
    }
    assert (
        house.rows(
            "select leader_id, trailer_id, status from crossovers where metric_id = 'wikipedia_pageviews' "
            "and status = 'crossed'"
        )
        == []
    )
    assert house.rows("select distinct state from source_status") == [("fresh",)]
