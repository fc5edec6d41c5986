"""Which subjects are drawn where there are more than a page can hold, and which lines of a chart at first.

All stand in one table (`reports.pages.everyone`), and in the published file.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from reports.data.declared import main_metrics
from reports.data.records import Subject
from warehouse.config.ecosystem import PALETTE

# As many as there are colours for; names at the ends of eight lines still stand each at its own.
MOST_DRAWN, MOST_LINES = len(PALETTE), 8


def ranked(subjects: Sequence[Subject], last: Sequence[tuple[str, str, float]]) -> list[Subject]:
    """Return the subjects by the main measure, without one by the next, and then as they are configured.

    `last` has the newest figures: subject, metric, value.
    """
    known = {(subject_id, metric_id): value for subject_id, metric_id, value in last}

    def rank(subject: Subject) -> tuple[float, ...]:
        return tuple(-known.get((subject.subject_id, metric.id), -1.0) for metric in main_metrics())

    return sorted(subjects, key=rank)


def drawn_of(every: Sequence[Subject], asked_about: Collection[str]) -> Sequence[Subject]:
    """Return the first of ranked subjects, as many as are drawn; those of a further question go before."""
    return sorted(every, key=lambda one: one.subject_id not in asked_about)[:MOST_DRAWN]


def in_own_colors(drawn: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return the subjects in order of the configuration, each in its colour unless one before it has it."""
    left = [color for color in PALETTE if color not in {subject.color for subject in drawn}]
    seen, told = set[str | None](), list[Subject]()
    for subject in sorted(drawn, key=lambda one: one.position):
        is_taken = subject.color in seen and left
        told.append(replace(subject, color=left.pop(0)) if is_taken else subject)
        seen.add(told[-1].color)
    return tuple(told)
