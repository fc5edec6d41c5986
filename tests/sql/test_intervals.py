"""Intervals of shares, against published figures."""

from datetime import UTC, date, datetime

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("without_checks")

TWO = configuration(one={"stackoverflow": "one"}, two={"stackoverflow": "two"})
JANUARY = date(2024, 1, 1)
MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)


def test_a_share_of_few_questions_has_a_wide_interval(warehouse, told):
    """Wilson's interval of 81 in 263, 15 in 148, 0 in 20 and 1 in 29, as R. G. Newcombe printed it in 1998.

    Table I of https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C857::AID-SIM777%3E3.0.CO;2-E, method 3.
    A month without any question has no share.
    """
    printed = {
        1: (81, 263, 0.2553, 0.3662),
        2: (15, 148, 0.0624, 0.1605),
        3: (0, 20, 0.0, 0.1611),
        4: (1, 29, 0.0061, 0.1718),
        5: (0, 0, None, None),
    }
    house = warehouse(TWO)
    for month, (of_one, of_both, *_) in printed.items():
        for tag, total in (("one", of_one), ("two", of_both - of_one)):
            key = f"{tag} 2024-{month:02}"
            house.tell(
                told("stackoverflow", "question_months", key, {"total": total}, MORNING),
                told("stackoverflow", "unanswered_months", key, {"total": total // 3}, MORNING),
            )
    house.build()

    assert house.rows(
        "select month, round(questions_share_of_rivals_low, 4), round(questions_share_of_rivals_high, 4) "
        "from community_monthly where subject_id = 'one' order by month"
    ) == [(date(2024, month, 1), low, high) for month, (_, _, low, high) in printed.items()]

    # January to March together; April has no quarter yet. Of 96 and 335 questions 32 and 110 have no answer.
    one, two = near(96 / 431, 0.1860, 0.2644), near(335 / 431, 0.7356, 0.8140)
    assert house.rows("from community_quarterly order by subject_id") == [
        ("one", JANUARY, True, 96, *one, *near(64 / 96, 0.5676, 0.7529), "ok", "ok"),
        ("two", JANUARY, True, 335, *two, *near(225 / 335, 0.6197, 0.7197), "ok", "ok"),
    ]


def near(*numbers):
    return [pytest.approx(number, abs=5e-5) for number in numbers]
