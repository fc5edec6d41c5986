"""Intervals of shares, against published figures."""

from datetime import UTC, date, datetime

TWO = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
stackoverflow = "one"
[[subjects]]
id = "two"
name = "Two"
stackoverflow = "two"
[sources]
stackoverflow = { expected_lag_days = 35 }
"""
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
            house.tell(
                told("stackoverflow", "question_months", f"{tag} 2024-{month:02}", {"total": total}, MORNING)
            )
    house.build()

    assert house.rows(
        "select month, round(questions_share_of_rivals_low, 4), round(questions_share_of_rivals_high, 4) "
        "from community_monthly where subject_id = 'one' order by month"
    ) == [(date(2024, month, 1), low, high) for month, (_, _, low, high) in printed.items()]
