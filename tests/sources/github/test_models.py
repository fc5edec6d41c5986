"""GitHub's models: one history for each repository through all of its names, its releases, its renames."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("without_checks")

OLD, NEW = "google/jax", "jax-ml/jax"
BEFORE, SINCE = (configuration(jax={"name": "JAX", "github": name}) for name in (OLD, NEW))
MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
STARS = (
    "select period_start, value, state from observations where metric_id = 'github_stars_total' order by 1"
)
GAINED = "select period_start, value from observations where metric_id = 'github_stars_gained' order by 1"
EVENTS = (
    "select subject_id, occurred_on, kind, title, url from events where subject_id is not null order by 2, 4"
)


def at(day: int) -> datetime:
    """A morning of March 2025."""
    return MORNING.replace(day=day)


def repository(told, name, repository_id, full_name, stars, when, **counters):
    body = {"id": repository_id, "full_name": full_name, "stargazers_count": stars}
    others = {"forks_count": 1, "open_issues_count": 1, "subscribers_count": 1}
    return told("github", "repository", name, body | others | counters, when)


def weeks(told, name, first_sunday, totals, when):
    """Weeks with all of their stars on Sunday, newest first."""
    sundays = [datetime.combine(first_sunday + timedelta(weeks=n), time(), UTC) for n in range(len(totals))]
    sent = [
        {"week": int(sunday.timestamp()), "total": total, "days": [total, 0, 0, 0, 0, 0, 0]}
        for sunday, total in zip(sundays, totals, strict=True)
    ]
    return told("github", "star_history", f"{name} 1", sent[::-1], when)


def release(release_id, tag, published_at, name=NEW, **changes):
    return {
        "id": release_id,
        "tag_name": tag,
        "name": None,
        "published_at": published_at,
        "draft": False,
        "prerelease": False,
        "html_url": f"https://github.com/{name}/releases/tag/{tag}",
    } | changes


def test_one_line_through_a_rename_and_a_new_configuration(warehouse, told):
    """Asked by the old name, moved behind it, asked by the new: by the id it is one unbroken history."""
    house = warehouse(SINCE, now=at(5))
    house.tell(
        repository(told, OLD, 7, OLD, 100, at(2)),
        weeks(told, OLD, date(2025, 2, 9), [10, 20, 30], at(2)),
        told("github", "releases", f"{OLD} 1", [release(1, "v0.1", "2025-02-12T23:59:00Z", OLD)], at(2)),
        repository(told, OLD, 7, NEW, 101, at(3)),
        repository(told, OLD, 7, NEW, 102, at(4)),
        weeks(told, OLD, date(2025, 2, 16), [19, 31], at(4)),
        repository(told, NEW, 7, NEW, 103, at(5)),
        repository(told, OLD, 7, NEW, 99, at(5) - timedelta(hours=1)),
        weeks(told, NEW, date(2025, 2, 23), [32, 4], at(5)),
        told("github", "releases", f"{NEW} 1", [release(1, "v0.1", "2025-02-12T23:59:00Z")], at(5)),
    )
    house.build()

    assert house.rows(STARS) == [(date(2025, 3, n), 98.0 + n, "ok") for n in range(2, 6)]
    assert house.rows(GAINED) == [
        (date(2025, 2, 9), 10.0),
        (date(2025, 2, 16), 19.0),
        (date(2025, 2, 23), 32.0),
        (date(2025, 3, 2), 4.0),
    ]
    assert house.rows(EVENTS) == [
        ("jax", date(2025, 2, 12), "release", "JAX 0.1", f"https://github.com/{NEW}/releases/tag/v0.1"),
        ("jax", date(2025, 3, 3), "rename", f"{OLD} is now {NEW}", f"https://github.com/{NEW}"),
    ]


def test_the_old_name_goes_on_to_serve_after_the_rename(warehouse, told):
    """A configuration that was never changed follows the move; letters of another size are no rename."""
    house = warehouse(BEFORE, now=at(3))
    house.tell(
        repository(told, OLD, 7, "Google/JAX", 100, at(2)),
        repository(told, OLD, 7, NEW, 101, at(3)),
        weeks(told, OLD, date(2025, 2, 23), [5], at(3)),
    )
    house.build()

    assert [value for _, value, _ in house.rows(STARS)] == [100.0, 101.0]
    assert house.rows(GAINED) == [(date(2025, 2, 23), 5.0)]
    assert house.rows(EVENTS) == [
        ("jax", date(2025, 3, 3), "rename", f"Google/JAX is now {NEW}", f"https://github.com/{NEW}")
    ]


def test_a_name_that_another_repository_took_brings_no_history_of_it(warehouse, told):
    """Figures read while the name meant another repository are of that one, whatever it is called now."""
    house = warehouse(BEFORE, now=at(4))
    house.tell(
        repository(told, OLD, 7, OLD, 100, at(2)),
        weeks(told, OLD, date(2025, 2, 9), [10, 20], at(2)),
        told("github", "releases", f"{OLD} 1", [release(1, "v9.0", "2025-02-12T00:00:00Z", OLD)], at(2)),
        repository(told, OLD, 8, OLD, 1, at(4)),
        weeks(told, OLD, date(2025, 2, 23), [1], at(4)),
    )
    house.build()

    assert house.rows(STARS) == [(date(2025, 3, 4), 1.0, "ok")]
    assert house.rows(GAINED) == [(date(2025, 2, 23), 1.0)]
    assert house.rows(EVENTS) == []


def test_the_first_release_of_a_series_is_told_from_those_that_mend_it(warehouse, told):
    """A series may begin with a patch number, or be mended after the next; drafts and candidates are none."""
    house = warehouse(SINCE, now=at(4))
    house.tell(
        repository(told, NEW, 7, NEW, 1, at(4)),
        told(
            "github",
            "releases",
            f"{NEW} 1",
            [
                release(9, "v3.0.0", None, draft=True),
                release(8, "nightly", "2025-03-03T01:00:00+02:00"),
                release(7, "v2.5.2", "2025-03-02T00:00:00Z"),
                release(6, "v2.6.1", "2025-02-03T00:00:00Z"),
                release(5, "v2.6.0", "2025-02-02T00:00:00Z"),
                release(4, "v2.6.0-rc1", "2025-02-01T00:00:00Z", prerelease=True),
                release(3, "v2.5.1", "2025-01-02T00:00:00Z"),
            ],
            at(4),
        ),
        told("github", "releases", f"{NEW} 2", [release(2, "v2.10", "2025-01-01T00:00:00Z")], at(4)),
        told("github", "release_count", NEW, [release(9, "v3.0.0", None)], at(4)),
    )
    house.build()

    assert [row[1:4] for row in house.rows(EVENTS)] == [
        (date(2025, 1, 1), "release", "JAX 2.10"),
        (date(2025, 1, 2), "release", "JAX 2.5.1"),
        (date(2025, 2, 2), "release", "JAX 2.6"),
        (date(2025, 2, 3), "patch release", "JAX 2.6.1"),
        (date(2025, 3, 2), "patch release", "JAX 2.5.2"),
        (date(2025, 3, 2), "release", "JAX nightly"),
    ]


def test_watchers_are_counted_beside_the_stars(warehouse, told):
    """Answers from before they were asked for have none, which is unknown and not zero."""
    house = warehouse(SINCE, now=at(4))
    early = {"id": 7, "full_name": NEW, "stargazers_count": 5, "forks_count": 1, "open_issues_count": 1}
    house.tell(
        told("github", "repository", NEW, early, datetime(2025, 2, 3, 6, tzinfo=UTC)),
        repository(told, NEW, 7, NEW, 6, at(2), subscribers_count=30),
        repository(told, NEW, 7, NEW, 7, at(4), subscribers_count=29),
    )
    house.build()

    assert house.rows(
        "select period_start, value, basis from observations "
        "where metric_id = 'github_subscribers_total' order by 1"
    ) == [
        (date(2025, 3, 2), 30.0, "repository counter"),
        (date(2025, 3, 4), 29.0, "repository counter"),
    ]
    assert house.rows("select month, stars_total, subscribers_total from community_monthly order by 1") == [
        (date(2025, 2, 1), 5, None),
        (date(2025, 3, 1), 7, 29),
    ]
    assert house.rows(
        "select caveat like '%pull requests%' from metrics where metric_id = 'github_open_issues'"
    ) == [(True,)]
