"""Answers that cannot be true and are in the archive all the same: named, taken out, healed by later ones."""

import json
from datetime import UTC, datetime, timedelta

from flows.pipeline import steps
from flows.pipeline.degraded import degraded_sources
from tests.made import configuration
from warehouse.archive.quarantine import quarantined

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
TWO_DAYS_AGO, YESTERDAY = NOW - timedelta(days=2), NOW - timedelta(days=1)
CONFIGURATION = configuration(
    {"github": 20, "stackoverflow": 400, "wikipedia": 20},
    one={"github": "one/one", "stackoverflow": "one", "wikipedia": "One"},
)
SUNDAYS = [int(datetime(2025, 2, day, tzinfo=UTC).timestamp()) for day in (23, 16)]
IN_2042 = int(datetime(2042, 3, 2, tzinfo=UTC).timestamp())
FIGURES = (
    "select metric_id, period_start::varchar, value from observations where metric_id in "
    "('github_stars_gained', 'stackoverflow_questions', 'wikipedia_pageviews') order by all"
)


def stars(told, at, first, *others):
    weeks = [{"week": week, "total": 7, "days": [1] * 7} for week in others]
    weeks.append({"week": SUNDAYS[0], "total": first + 6, "days": [first, *[1] * 6]})
    return told("github", "star_history", "one/one 1", weeks, at)


def counters(told, at, number=1):
    body = {
        "id": number,
        "full_name": "one/one",
        "stargazers_count": 99,
        "forks_count": 1,
        "open_issues_count": 1,
    }
    return told("github", "repository", "one/one", body, at)


def asked(told, at, total):
    return told("stackoverflow", "question_months", "one 2025-02", {"total": total}, at)


def views(told, at, body):
    return told("wikipedia", "pageview_days", "One", body, at)


def days(*counts):
    items = [
        {"article": "One", "timestamp": f"2025030{day}00", "views": count}
        for day, count in enumerate(counts, 1)
    ]
    return json.dumps({"items": items})


def test_what_cannot_be_true_is_named_taken_out_and_healed(warehouse, told):
    """A week of 2042, a count near 2^63, one beyond it and an id beyond it; nothing else is held back.

    Of each question the earlier answer stands, with the file and line of the one that is not believed; the
    next right answer ends it. What was taken out stays on record, and out.
    """
    house = warehouse(CONFIGURATION, now=NOW)
    archive = house.settings.archive
    house.tell(counters(told, TWO_DAYS_AGO))
    house.tell(
        stars(told, TWO_DAYS_AGO, 1), asked(told, TWO_DAYS_AGO, 5), views(told, TWO_DAYS_AGO, days(1, 2))
    )
    house.build()
    before = house.rows(FIGURES)
    assert [value for *_, value in before] == [7.0, 5.0, 1.0, 2.0]

    house.tell(
        stars(told, YESTERDAY, 9, IN_2042),
        asked(told, YESTERDAY, 2**63 - 1),
        views(told, YESTERDAY, days(1, 2**63)),
        counters(told, YESTERDAY + timedelta(hours=1), 2**63),
    )
    house.build()
    assert house.rows(FIGURES) == before
    taken_out = [str(entry.place) for entry in quarantined(archive)]
    places = {place.partition("/")[0]: place for place in reversed(taken_out)}
    assert len(taken_out) == 4 and sorted(places) == ["github", "stackoverflow", "wikipedia"]
    for source_id, state, reason in house.rows("select source_id, state, reason from source_status"):
        assert state == "stale" and f"{places[source_id]} is quarantined: " in reason, reason
    failed = dict(
        house.rows("select check_id, detail from quality_checks where not passed and severity = 'error'")
    )
    assert failed["weeks_of_stars_are_possible"] == (
        f"{places['github']}: week: found 2042-03-02, expected 2007-10-01 to 2025-03-10"
    )
    assert failed["question_months_are_possible"].startswith(
        f"{places['stackoverflow']}: questions: found 9223372036854775807, expected less"
    )
    assert failed["pageviews_are_not_negative_nor_of_the_future"] == (
        f"{places['wikipedia']}: rows found: 1, expected none"
    )
    assert failed["stg_github__repository"].startswith(f"{taken_out[1]}: Runtime Error")
    assert degraded_sources(house.settings) == ["github", "stackoverflow", "wikipedia"]
    known = steps.load_archive(house.settings, steps.ecosystem_of(house.settings))
    read = {source_id: {one.read_at for one in answers.values()} for source_id, answers in known.items()}
    assert read == {source_id: {TWO_DAYS_AGO} for source_id in places}, "each question is asked again"

    house.tell(counters(told, NOW), stars(told, NOW, 9), asked(told, NOW, 6), views(told, NOW, days(1, 2, 3)))
    house.build()
    assert [value for *_, value in house.rows(FIGURES)] == [15.0, 6.0, 1.0, 2.0, 3.0]
    assert house.rows("select distinct state, reason from source_status") == [("fresh", None)]
    ((check, severity, detail),) = house.rows(
        "select check_id, severity, detail from quality_checks where not passed"
    )
    assert (check, severity) == ("no_answer_is_quarantined", "warn")
    assert taken_out[0] in detail and "(by the gate); and 1 more" in detail
