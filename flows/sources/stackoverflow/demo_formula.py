"""The demo's questions that no figure is at hand for: those of the whole site, and those without an answer.

Both are formulas; the parameters were chosen to look plausible. Nothing here is measured.
"""

from datetime import date

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
