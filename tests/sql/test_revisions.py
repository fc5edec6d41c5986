"""The past as sources rewrite it: the old value is kept, the new one is published, and it is said when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("without_checks")

ONE = configuration(one={"wikipedia": "One"})
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
MONDAY = date(2025, 3, 3)


def views(told, counts, at):
    items = [
        {"article": "One", "timestamp": f"{MONDAY + timedelta(days=n):%Y%m%d}00", "views": count}
        for n, count in enumerate(counts)
    ]
    return told("wikipedia", "pageview_days", f"One {MONDAY}", {"items": items}, at)


def revisions(house):
    return house.rows("from revisions order by period_start, changed_at")


def observed(house):
    return house.rows("select value, revision, observed_at from observations order by period_start")


def test_a_changed_value_keeps_its_old_one(warehouse, told):
    """Whether the answers are loaded one by one or all at once, rebuilt from the archive too."""
    hours = [NOW + timedelta(hours=n) for n in range(4)]
    answers = [views(told, [10, 20], hours[0]), views(told, [10, 25], hours[1])]
    answers += [views(told, [10, 25], hours[2]), views(told, [10, 20], hours[3])]
    bit_by_bit = warehouse(ONE, now=NOW)
    for answer in answers:
        bit_by_bit.tell(answer)
        bit_by_bit.build()

    tuesday = date(2025, 3, 4)
    assert revisions(bit_by_bit) == [
        ("one", "wikipedia_pageviews", tuesday, 20.0, 25.0, hours[1]),
        ("one", "wikipedia_pageviews", tuesday, 25.0, 20.0, hours[3]),
    ]
    assert observed(bit_by_bit) == [(10.0, 0, hours[3]), (20.0, 2, hours[3])], "confirmed by the last answer"

    expected = revisions(bit_by_bit), observed(bit_by_bit)
    bit_by_bit.settings.work_file.unlink()
    bit_by_bit.build()
    assert (revisions(bit_by_bit), observed(bit_by_bit)) == expected


def test_an_older_answer_that_is_loaded_late_changes_nothing_now(warehouse, told):
    """It becomes the old value of a revision; what is published is what was told last."""
    house = warehouse(ONE, now=NOW)
    house.tell(views(told, [10], NOW))
    house.build()
    house.tell(views(told, [8], NOW - timedelta(hours=5)))
    house.build()

    assert revisions(house) == [("one", "wikipedia_pageviews", MONDAY, 8.0, 10.0, NOW)]
    assert observed(house) == [(10.0, 1, NOW)]


THREE = configuration({"github": 9, "stackoverflow": 400}, one={"github": "one/one", "stackoverflow": "one"})


def test_what_was_told_of_a_period_before_it_was_over_is_no_revision(warehouse, told):
    """A running week grows; only what changes after its Saturday is history rewritten."""
    house = warehouse(THREE, now=NOW)
    sunday = int(datetime(2025, 2, 23, tzinfo=UTC).timestamp())
    counters = {"stargazers_count": 9, "forks_count": 1, "open_issues_count": 1, "subscribers_count": 1}
    named = {"id": 1, "full_name": "one/one", **counters}
    times = [datetime(2025, 2, 26, tzinfo=UTC), datetime(2025, 3, 4, tzinfo=UTC), NOW]
    house.tell(told("github", "repository", "one/one", named, times[0]))
    for at, days in zip(
        times, ([1, 2, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 6]), strict=True
    ):
        week = {"week": sunday, "total": sum(days), "days": days}
        house.tell(told("github", "star_history", "one/one 1", [week], at))
        asked = {"total": 40 + days[6]}
        house.tell(told("stackoverflow", "question_months", "one 2025-02", asked, at))
    house.build()

    assert house.rows(
        "select metric_id, period_start, old_value, new_value, changed_at from revisions order by 1"
    ) == [
        ("github_stars_gained", date(2025, 2, 23), 28.0, 27.0, NOW),
        ("stackoverflow_questions", date(2025, 2, 1), 47.0, 46.0, NOW),
    ]
    assert house.rows(
        "select metric_id, value, state, revision from observations "
        "where metric_id in ('github_stars_gained', 'stackoverflow_questions') order by 1"
    ) == [("github_stars_gained", 27.0, "ok", 1), ("stackoverflow_questions", 46.0, "ok", 1)]


PACKAGES = configuration(
    {"pypi": 400}, one={"pypi": ["one", {"package": "one-gpu", "until": date(2025, 1, 30)}]}
)


def test_a_months_downloads_change_with_each_day_of_each_package(warehouse, told):
    """A day mended after its month was whole revises the sum; before, or not counted, it does not."""
    house = warehouse(PACKAGES, now=NOW)
    running, over = datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 2, 5, tzinfo=UTC)

    def logs(package, days, at):
        rows = [
            {
                "date": str(date(2025, 1, 1) + timedelta(n - 1)),
                "installers": sent,
                "downloads": sum(sent.values()),
            }
            for n, sent in (days | {max(days) + 1: {}}).items()  # the newest day is still loading
        ]
        return told("pypi", "log_days", f"{package} 2025-01-01", {"data": rows, "rows": len(rows)}, at)

    month = {n: {"pip": 1} for n in range(1, 32)}
    house.tell(logs("one", {n: {"pip": 50} for n in range(1, 10)}, running))
    house.tell(logs("one", month, over), logs("one-gpu", month, over))
    house.build()
    assert house.rows("select value, revision from observations where metric_id = 'pypi_downloads'") == [
        (61.0, 0)
    ]

    mended = month | {3: {"pip": 5, "bandersnatch": 900}, 4: {"pip": 0, "uv": 3}}
    house.tell(logs("one", mended, NOW), logs("one-gpu", month | {31: {"pip": 70}}, NOW))
    house.build()
    assert revisions(house) == [("one", "pypi_downloads", date(2025, 1, 1), 61.0, 67.0, NOW)]
