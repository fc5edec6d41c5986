"""A further question of the configuration: some of the subjects, as if no others were compared."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from reports.data.declared import Declared, whole_of
from reports.data.evidence import Evidence
from reports.data.records import Comparison, Point

# From the least to the most doubtful.
DOUBTS = ("ok", "stale", "suspect", "sample")


def compared(evidence: Evidence, comparison: Comparison) -> Evidence:
    """Return the evidence of a question's subjects and measures; shares are of these alone.

    What is weighed is weighed among all that are compared, and so has no place in it.
    """
    names = comparison.subjects.split(", ")
    chosen = evidence.only(*(one for one in evidence.subjects if one.subject_id in names))
    shares = {one.key: list(_shares(one, chosen)) for one in evidence.declared if one.is_of_one_whole}
    return replace(
        chosen,
        build=replace(evidence.build, question=comparison.question),
        points={**chosen.points, **{key: points for key, points in shares.items() if key in chosen.points}},
        measures=tuple((comparison.measures or "").split(", ")) if comparison.measures else None,
        weightings=(),
    )


def _shares(one: Declared, evidence: Evidence) -> Iterator[Point]:
    """Yield the shares of a series' subjects in the periods known for each that has any figure."""
    whole = evidence.series(whole_of(one).key).by_subject()
    periods: dict[date, list[Point]] = defaultdict(list)
    for points in whole.values():
        for point in points:
            if point.state != "partial":
                periods[point.first_day].append(point)
    for _, points in sorted(periods.items()):
        total = sum(point.value for point in points)
        if len(points) == len(whole) and total and len({point.basis for point in points}) == 1:
            yield from (_share(point, points, total) for point in points)


def _share(point: Point, points: Sequence[Point], total: float) -> Point:
    most = max(points, key=lambda other: DOUBTS.index(other.state))
    return replace(
        point, value=point.value / total, low=None, high=None, state=most.state, reason=most.reason
    )
