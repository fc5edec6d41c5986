"""When a question is due, and how long a plan takes."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.request import EACH_TIME, Due, Question, expected_seconds
from flows.client.session import Pace, Quota
from warehouse.archive.write import LastAnswer

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def question(key: str = "torch", **rhythm: object) -> Question:
    return Question("overall", key, lambda client: None, **rhythm)


def known(at: datetime, *keys: str) -> dict[tuple[str, str], LastAnswer]:
    return {("overall", key): LastAnswer(at, "digest") for key in keys or ("torch",)}


def test_what_was_never_answered_is_due():
    """Whatever its rhythm; also where something else was answered."""
    assert question(every_days=28, settled_on=date(2020, 1, 1)).is_due({}, NOON)
    assert question().is_due(known(NOON, "jax"), NOON)


def test_a_daily_question_is_asked_once_a_day():
    """Not again in the same UTC day, and again a minute after midnight."""
    midnight = datetime(2025, 8, 7, tzinfo=UTC)
    assert not question().is_due(known(NOON), midnight - timedelta(seconds=1))
    assert question().is_due(known(NOON), midnight)
    assert question(every_days=EACH_TIME).is_due(known(NOON), NOON)


@pytest.mark.parametrize("every_days", [2, 7, 28])
def test_within_each_rhythm_a_question_is_asked_once(every_days: int):
    """From whatever day on it was first answered, the turns are as long as the rhythm."""
    one, answered, asked_on = question(every_days=every_days), known(NOON), []
    for days in range(1, 1 + 4 * every_days):
        now = NOON + timedelta(days=days)
        if one.is_due(answered, now):
            asked_on.append(days)
            answered = known(now)
    assert len(asked_on) == 4
    assert {later - earlier for earlier, later in itertools.pairwise(asked_on)} == {every_days}


def test_what_was_read_all_at_once_is_asked_again_bit_by_bit():
    """A hundred weekly questions spread over the week instead of falling on one day."""
    keys = [f"pytorch {month}" for month in range(100)]
    every = [question(key, every_days=7) for key in keys]
    counts = [len(Due(lambda: every, known(NOON, *keys), NOON + timedelta(days=days))) for days in range(8)]
    assert counts[0] == 0 and counts[7] == 100
    assert all(later - earlier <= 25 for earlier, later in itertools.pairwise(counts))


def test_a_settled_answer_is_never_asked_for_again():
    """Once it was read on the day it settles, or later; read a day earlier it is."""
    settling = question(settled_on=NOON.date())
    year_later = NOON + timedelta(days=365)
    assert not settling.is_due(known(NOON), year_later)
    assert settling.is_due(known(NOON - timedelta(days=1)), year_later)


@pytest.mark.parametrize(
    ("requests", "pace", "quota", "seconds"),
    [
        (0, Pace(), None, 0),
        (10, Pace(per_second=2), None, 5),
        (60, Pace(per_second=20), Quota(60, 3600), 3),
        (61, Pace(per_second=20), Quota(60, 3600), 3600),
        (643, Pace(per_second=20), Quota(300, 86_400), 2 * 86_400),
        (29, Pace(per_minute=28), None, 60),
    ],
)
def test_a_plan_tells_how_long_the_limits_make_it(requests, pace, quota, seconds):
    """The pace and the quota's windows, whichever is longer."""
    assert expected_seconds(requests, pace, quota) == seconds


def test_of_many_questions_no_more_are_listed_than_are_asked():
    """Ten thousand subjects have millions, of which a run asks thousands: kept, they took five gigabytes."""
    without_end = Due(lambda: (question(f"pytorch {n}") for n in itertools.count()), {}, NOON)
    assert [one.key for one in itertools.islice(without_end, 2)] == ["pytorch 0", "pytorch 1"]

    pytorch, jax = question("pytorch", requests=3), question("jax")
    few = Due(lambda: [pytorch, jax], known(NOON, "jax"), NOON)
    assert (len(few), few.requests, [*few]) == (1, 3, [pytorch])
    assert pytorch in few and jax not in few
