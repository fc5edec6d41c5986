"""An article that was moved is one history: titles count one after the other, and add up where both do."""

from datetime import UTC, date, datetime, timedelta

from tests.made import configuration, expecting

MOVED = configuration(
    {"wikipedia": expecting(4, days_told_share=(0.95, None, "Hardly a day without a view."))},
    moved={
        "wikipedia": [
            {
                "article": "Old_title",
                "until": date(2025, 2, 10),
                "note": "Moved, with a redirect in its place.",
            },
            {"article": "New_title", "since": date(2025, 2, 9)},
        ]
    },
    still={"wikipedia": "Still"},
)
NEW_YEAR, LAST_DAY = date(2025, 1, 1), date(2025, 3, 9)
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
HOURS = [NOW - timedelta(hours=n) for n in (9, 6, 3, 0)]


def views(told, title, days, at):
    items = [
        {"article": title, "timestamp": f"{day:%Y%m%d}00", "views": count} for day, count in days.items()
    ]
    return told("wikipedia", "pageview_days", f"{title} {min(days)}", {"items": items}, at)


def days_from(first, last, count, every=1):
    return {first + timedelta(days=n): count for n in range(0, (last - first).days + 1, every)}


def test_a_moved_article_is_one_history(warehouse, told):
    """As a redirect either title has a view now and then, which is another figure and lacks most days."""
    move = date(2025, 2, 9)
    as_redirect = days_from(NEW_YEAR, move, 1, every=4), days_from(date(2025, 2, 11), LAST_DAY, 6, every=3)
    old = days_from(NEW_YEAR, date(2025, 2, 9), 100) | as_redirect[1]  # 10 February is unknown
    new = as_redirect[0] | days_from(move, LAST_DAY, 120)
    house = warehouse(MOVED, now=NOW)
    house.tell(
        views(told, "New_title", new, HOURS[0]),
        # Mended before the day was known of both, and after.
        views(told, "New_title", {move: 121}, HOURS[1]),
        views(told, "Old_title", old, HOURS[2]),
        views(told, "New_title", {move: 125}, HOURS[3]),
        views(told, "Old_title", {date(2025, 2, 11): 7}, HOURS[3]),
        views(told, "Still", days_from(NEW_YEAR, LAST_DAY, 100), HOURS[0]),
    )
    house.build()

    assert house.rows(
        "select min(period_start), max(period_start), count(*)::int, value, any_value(basis), "
        "string_agg(distinct state) from observations where subject_id = 'moved' group by value order by 1"
    ) == [
        (NEW_YEAR, date(2025, 2, 8), 39, 100.0, "English Wikipedia, readers on all devices", "ok"),
        (move, move, 1, 225.0, "English Wikipedia, readers on all devices", "ok"),
        (date(2025, 2, 11), LAST_DAY, 27, 120.0, "English Wikipedia, readers on all devices", "ok"),
    ]
    assert house.rows("select month, pageviews from adoption_monthly where subject_id = 'moved'") == [
        (NEW_YEAR, 3100)
    ], "February lacks a day of one that counts on it"
    assert house.rows("from revisions") == [("moved", "wikipedia_pageviews", move, 221.0, 225.0, HOURS[3])]
    assert house.rows("select check_id, severity from quality_checks where not passed order by 1") == [
        ("wikipedia_series_have_no_gaps", "warn")
    ]
