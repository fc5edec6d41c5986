"""Badges and small lines of each subject and measure, fit for a README: SVG files that stand alone."""

from dataclasses import dataclass

from reports.charts.colors import light_colors
from reports.charts.sparklines import sparklines
from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.data.wording import SAMPLE, about, percent, period
from reports.findings.lateness import state
from reports.findings.latest import last_known

LETTER = 6.6  # pixels of a letter at 11 pixels, wide fonts included


@dataclass(frozen=True)
class Badge:
    """A measure of a subject as a badge: what it says, and the files it stands in."""

    subject: Subject
    key: str
    label: str
    value: str
    of: str
    color: str
    ink: str
    path: str | None
    is_grey: bool

    @property
    def badge(self) -> str:
        """The file of the badge."""
        return f"badges/{self.subject.subject_id}-{self.key}.svg"

    @property
    def sparkline(self) -> str:
        """The file of the line."""
        return f"badges/{self.subject.subject_id}-{self.key}-line.svg"

    @property
    def told(self) -> str:
        """The badge in words."""
        return f"{self.label}: {self.value}, {self.of}"

    @property
    def left(self) -> int:
        """Width of the label's part."""
        return round(len(self.label) * LETTER) + 12

    @property
    def width(self) -> int:
        """Width of the badge."""
        return self.left + round(len(self.value) * LETTER) + 12


def badges(evidence: Evidence, subject: Subject) -> list[Badge]:
    """Return the badges of a subject: one for each measure of which it has a figure."""
    alone = evidence.only(subject)
    told = evidence.headlines.items()
    return [badge for key, name in told if (badge := _badge(alone, subject, key, name))]


def _badge(evidence: Evidence, subject: Subject, key: str, name: str) -> Badge | None:
    series = evidence.series(key)
    point = last_known(series.points)
    if point is None:
        return None
    told = state(series, evidence)
    value = percent(point.value) if series.metric.unit == "share" else about(point.value)
    marked = [
        value,
        *([SAMPLE] if series.is_sample else []),
        *([told] if told in ("late", "stale", "failed") else []),
    ]
    return Badge(
        subject=subject,
        key=key,
        label=f"{subject.name} {name}",
        value=", ".join(marked),
        of=period(point, series.metric.grain),
        color=light_colors(subject)[0],
        ink=light_colors(subject)[1],
        path=next((path for _, path in sparklines(series, evidence)), None),
        is_grey=series.is_sample or told in ("stale", "failed"),
    )
