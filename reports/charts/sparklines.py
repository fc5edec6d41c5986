"""Small lines without axes: the path of each subject in a box, broken where the line of a chart is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import Point, Subject
from reports.data.series import Series
from reports.findings.segments import Segment, segments, since_two

WIDTH, HEIGHT, MARGIN = 120, 24, 2


def sparklines(series: Series, evidence: Evidence) -> list[tuple[Subject, str]]:
    """Return the path of every subject that has a line; all have one scale, from zero on.

    A running period ends no line: without axes nobody sees that it is not over.
    """
    over = replace(series, points=tuple(point for point in series.points if point.state != "partial"))
    drawn = segments(since_two(over), evidence.events)
    known = [point for segment in drawn for point in segment.points]
    if not known:
        return []
    first_day, last_day = min(point.middle for point in known), max(point.middle for point in known)
    top = max(point.value for point in known) or 1.0
    found = []
    for subject in evidence.subjects:
        own = [segment for segment in drawn if segment.subject_id == subject.subject_id]
        if own:
            found.append((subject, "".join(_path(segment, first_day, last_day, top) for segment in own)))
    return found


def _path(segment: Segment, first_day: date, last_day: date, top: float) -> str:
    days = (last_day - first_day).days or 1
    points = [
        (WIDTH * (point.middle - first_day).days / days, _down(point.value, top))
        for point in _thin(segment.points)
    ]
    (x, y), *others = points
    if not others:  # a single reading is a dot: a line of no length with round ends
        others = [(x, y)]
    return f"M{x:.1f} {y:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in others)


def _thin(points: Sequence[Point]) -> Sequence[Point]:
    """Return at most a point a pixel: more cannot be seen."""
    step = max(1, len(points) // WIDTH)
    return [*points[:-1:step], points[-1]]


def _down(value: float, top: float) -> float:
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top
