"""The words around a chart: what it shows, where it comes from, what is marked, why it is missing."""

from reports.charts.content import Content
from reports.data.evidence import Evidence
from reports.data.series import Series
from reports.data.wording import SAMPLE, counted, day, figure, listed, month, period, plainly, source_name
from reports.findings.lateness import has_ended, silences, statuses
from reports.findings.ranking import ranking

KINDS = (("fault", "measuring fault"), ("event", "outside event"), ("release", "release"))


def note(series: Series) -> str:
    """Say what the figures are."""
    definition = series.metric.definition or ""
    return f"{SAMPLE.capitalize()}, not measured. {definition}" if series.is_sample else definition


def summary(series: Series, evidence: Evidence, title: str) -> str:
    """Say what a reader who cannot see the chart should know of it."""
    found = ranking(series, evidence)
    if not found:
        return title
    metric, points = series.metric, sorted(series.points, key=lambda point: point.first_day)
    latest = listed(f"{subject.name} {figure(value, metric)}" for subject, value in found.figures)
    span = f"{period(points[0], metric.grain)} to {period(points[-1], metric.grain)}"
    sample = f" This is {SAMPLE}." if series.is_sample else ""
    return f"{title}. Lines of {metric.name.lower()}, {span}; at the end {latest}.{sample}"


def caption(whole: Series, content: Content, evidence: Evidence) -> list[str]:
    """Say where the figures come from, up to when, what is late or marked, and whether they are all drawn."""
    drawn = content.series
    source = f"Source: {source_name(whole.metric.source_id)}"
    if not whole.points:
        return [source]
    notes = [SAMPLE] if whole.is_sample else [late.told for late in silences(whole, evidence)]
    notes += _ended(whole, evidence)
    if content.hidden:
        lines = len({segment.subject_id for segment in content.segments})
        shown = len({segment.subject_id for segment in content.at_first.segments})
        notes.append(f"{shown} of {counted(lines, 'line')} drawn at first, those with the highest figures")
    if drawn.metric.grain == "age":
        notes.append("months counted from each one's first release; a line ends where it ends by date")
        notes += filter(None, [unborn(evidence)])
        return [source, f"figures up to {day(whole.last_day)}", *notes, *_hollow(content)]
    notes += _left_out(whole, evidence)
    if len(drawn.points) < len(whole.points):
        first_day = min(point.first_day for point in drawn.points)
        notes.append(f"drawn from {month(first_day)}, when there are two to compare")
    return [source, f"figures up to {day(whole.last_day)}", *notes, _marked(content), *_hollow(content)]


def _left_out(whole: Series, evidence: Evidence) -> list[str]:
    """Name those of whom there is no figure where the others are told as shares of them all."""
    known = whole.by_subject()
    missing = [subject.name for subject in evidence.subjects if subject.subject_id not in known]
    if not whole.is_of_one_whole or not missing:
        return []
    return [f"without {listed(missing)}, of which there is no figure"]


def _ended(whole: Series, evidence: Evidence) -> list[str]:
    """Say when a series ended, if all of its parts did."""
    ends = [one.ended_on for one in statuses(whole, evidence).values() if one.ended_on]
    return [f"ended on {day(max(ends))}"] if has_ended(whole, evidence) else []


def absence(series: Series, evidence: Evidence) -> str:
    """Say why there is no chart."""
    status = evidence.status(series)
    what = f"Nothing to show: no figure of {series.metric.name.lower()}"
    if series.points:
        return f"{what} is fit to be drawn. The table has them all."
    # What makes a source late is said of the series that are.
    reason = plainly(status.reason) if status.reason and status.state != "late" else ""
    told = f" {source_name(status.source_id)}: {reason}." if reason else ""
    return f"{what} has been collected.{told}"


def unborn(evidence: Evidence) -> str:
    """Name those who have no age, for want of a first release, and say how they come to have one."""
    names = [subject.name for subject in evidence.subjects if not subject.first_release_on]
    if not names:
        return ""
    are = "have no first release" if len(names) > 1 else "has no first release"
    return f"{listed(names)} {are} in the configuration, and so no age: first_release_on tells it"


def _marked(content: Content) -> str:
    kinds = [annotation.kind for annotation in content.annotations]
    others = [counted(kinds.count(kind), name) for kind, name in KINDS if kind in kinds]
    return ", ".join([counted(kinds.count("break"), "break"), *others])


def _hollow(content: Content) -> list[str]:
    told = len(content.unusual)
    return [f"{counted(told, 'unusual figure')}, hollow and off the line"] if told else []
