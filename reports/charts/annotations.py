"""What is marked in a chart beside its lines: shaded stretches, breaks and outside events, each named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from reports.data.evidence import Evidence
from reports.data.records import Event, Point
from reports.data.series import Series
from reports.data.wording import listed
from reports.findings.lateness import silences
from reports.findings.segments import UNUSUAL, concerns, fault_end, is_touched

MOST_RELEASES = 6  # more rules than this in one chart hide its lines
OTHER_WAY = "counted in another way from here"


@dataclass(frozen=True)
class Annotation:
    """A stretch of days, or one day, of a chart that has a name."""

    kind: str  # 'fault', 'unusual', 'silence', 'break', 'event' or 'release'
    first_day: date
    last_day: date
    name: str
    detail: str
    url: str | None = None

    @property
    def is_stretch(self) -> bool:
        """Whether it is shaded; else it is a rule."""
        return self.kind in ("fault", "unusual", "silence")


def annotations(series: Series, evidence: Evidence) -> list[Annotation]:
    """Return what a chart of the series marks, in order of time."""
    if not series.points:
        return []
    first_day = min(point.first_day for point in series.points)
    silence = list(_silence(series, evidence))
    end = silence[0].last_day if silence else series.last_day
    found = [*_faults(series, evidence), *_breaks(series, evidence), *_outside(series, evidence)]
    found += [*_releases(evidence), *silence]
    within = [
        annotation for annotation in found if annotation.last_day >= first_day and annotation.first_day <= end
    ]
    return sorted(within, key=lambda annotation: (annotation.first_day, annotation.name))


def _silence(series: Series, evidence: Evidence) -> Iterator[Annotation]:
    for found in silences(series, evidence):
        if found.is_stale:
            yield Annotation(
                "silence", found.after + timedelta(days=1), evidence.today, found.told, found.told
            )


def _faults(series: Series, evidence: Evidence) -> Iterator[Annotation]:
    """Yield each fault, widened to the periods it touches, then unusual periods that no event names."""
    events = [event for event in evidence.events if concerns(event, series)]
    faults = [event for event in events if event.kind == "measuring fault"]
    for fault, detail in _said_once(faults, evidence):
        touched = [point for point in series.points if is_touched(point, [fault])]
        first_day = min([fault.occurred_on, *(point.first_day for point in touched)])
        last_day = max([fault_end(fault), *(point.last_day for point in touched)])
        yield Annotation("fault", first_day, last_day, _short(fault.title), detail, fault.url)
    suspect = [point for point in series.points if point.state == "suspect" and not is_touched(point, faults)]
    for run in runs(sorted(suspect, key=lambda point: point.first_day)):
        last_day = max(point.last_day for point in run)
        told = dict.fromkeys(_unusual(point, series, evidence) for point in run if point.reason)
        detail = ": ".join([UNUSUAL, *(["; ".join(told)] if told else [])])
        yield Annotation("unusual", run[0].first_day, last_day, UNUSUAL, detail)


def _unusual(point: Point, series: Series, evidence: Evidence) -> str:
    """Name the subject, unless it is looked at alone, and say what is unusual about its figure.

    Of a share of all compared the reason itself names whose figure it is.
    """
    subject = evidence.subject(point.subject_id)
    named = subject and len(evidence.subjects) > 1 and not series.is_of_one_whole
    return f"{subject.name}, {point.reason}" if subject and named else f"{point.reason}"


def runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield runs of neighbouring periods, of whichever subject; the points come in order of time."""
    run: list[Point] = []
    for point in points:
        if run and point.first_day > max(known.last_day for known in run) + timedelta(days=1):
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _breaks(series: Series, evidence: Evidence) -> Iterator[Annotation]:
    """Yield the breaks that events name, and changes in the way of counting, named or not."""
    named = [event for event in evidence.events if event.kind == "series break" and concerns(event, series)]
    days = {event.occurred_on for event in named}
    changes = list(_changes(series))
    unnamed = [event for event in changes if event.occurred_on not in days]
    changed = {event.occurred_on for event in changes}
    for event, detail in _said_once([*named, *unnamed], evidence):
        on = event.occurred_on
        yield Annotation(
            "break", on, on, OTHER_WAY if on in changed else _short(event.title), detail, event.url
        )


def _changes(series: Series) -> Iterator[Event]:
    """Yield every change of basis in the figures themselves as a break."""
    for subject_id, points in series.by_subject().items():
        for before, point in pairwise(points):
            if before.basis != point.basis:
                title = f"From here: {point.basis}. Before: {before.basis}"
                yield Event(subject_id, None, None, point.first_day, None, "series break", title, None)


def _outside(series: Series, evidence: Evidence) -> Iterator[Annotation]:
    metric = series.metric
    events = [event for event in evidence.events if event.kind == "outside event"]
    for event, detail in _said_once(events, evidence):
        if event.metric_id in (None, metric.metric_id) and event.source_id in (None, metric.source_id):
            on = event.occurred_on
            yield Annotation("event", on, on, _short(event.title), detail, event.url)


def _releases(evidence: Evidence) -> Iterator[Annotation]:
    """Yield the releases of a subject that is looked at alone, patches left out."""
    releases = [event for event in evidence.events if event.kind == "release"]
    if len(evidence.subjects) == 1 and releases:
        for event in great(releases):
            yield Annotation(
                "release", event.occurred_on, event.occurred_on, event.title, event.title, event.url
            )


def great(releases: Sequence[Event]) -> list[Event]:
    """Return as many releases as find room: every x.0, and the newest of the others."""
    majors = [event for event in releases if re.search(r"(?<![.\d])\d+\.0(\.0)?(?![.\d])", event.title)]
    others = [event for event in releases if event not in majors]
    newest = others[max(0, len(others) + len(majors) - MOST_RELEASES) :]
    return [event for event in releases if event in majors or event in newest]


def _said_once(events: Sequence[Event], evidence: Evidence) -> Iterator[tuple[Event, str]]:
    """Yield each day's title once, with the names of the subjects in front where it is not of all."""
    said: dict[tuple[date, str], list[Event]] = {}
    for event in events:
        said.setdefault((event.occurred_on, event.title), []).append(event)
    for (_, title), same in said.items():
        of = {event.subject_id for event in same}
        names = [subject.name for subject in evidence.subjects if subject.subject_id in of]
        some = names and None not in of and len(names) < len(evidence.subjects)
        yield same[0], f"{listed(names)}: {title}" if some else title


def _short(title: str) -> str:
    return title.partition(": ")[0]
