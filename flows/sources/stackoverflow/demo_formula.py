"""The demo's questions that no figure is at hand for: those of the whole site, and which were answered when.

All are formulas; the parameters were chosen to look plausible. Nothing here is measured.
"""

from collections.abc import Sequence
from datetime import date

from flows.client.calendar import seconds_of
from flows.standin.curve import Curve

# A month of the whole site, and the share of a tag's questions that nobody has answered.
SITE = Curve(190_000, date(2011, 3, 1), 400, date(2022, 12, 1), 260, 0.1)
UNANSWERED = Curve(0.55, date(2018, 1, 1), 1_300, date(2040, 1, 1), 400, 0.9)


def site_questions(month: date) -> int:
    """Return the questions of the whole site in a month."""
    return round(SITE.on(month))


def unanswered_questions(questions: int, month: date) -> int:
    """Return how many of a month's questions have no answer."""
    return round(questions * UNANSWERED.on(month))


def sampled_questions(tag: str, month: date, questions: int) -> Sequence[dict[str, object]]:
    """Return up to a hundred of a month's questions, spread evenly over it, with when each was answered.

    Those that were answered waited twice as long one after the other, from ten minutes on, and begin again
    after twelve; every second question accepted its answer. Of TensorFlow's each third has none, of others
    each fourth.
    """
    first, last = seconds_of(month)
    number, unanswered = min(questions, 100), 3 if tag == "tensorflow" else 4
    sample: list[dict[str, object]] = []
    for at in range(number):
        asked = first + (last - first) * at // number
        if at % unanswered == 0:
            sample.append({"creation_date": asked})
            continue
        answer = {"creation_date": asked + (600 << at % 12), "is_accepted": at % 2 == 1}
        sample.append({"creation_date": asked, "answers": [answer]})
    return sample
