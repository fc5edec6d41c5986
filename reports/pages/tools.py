"""Tools: what is downloaded around the compared subjects, a chart a theme; no subject is compared here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.charts.figure import Figure, figure_of, of_tools
from reports.data.declared import declared, main_metrics
from reports.data.evidence import Evidence
from reports.data.records import Point
from reports.data.tools import OF_TOOLS, Tool, metric_of_tools, themes
from reports.data.wording import PERIODS, SAMPLE, figure, period
from reports.findings.findings import amounts_finding
from reports.pages.page import Page

ABOUT = "Tools of a theme are drawn together, and are part of no total and no comparison of the subjects"
LIMITS = (
    "Which framework a tool is used with: most of them serve several.",
    "Whether a tool was chosen: what another package requires is downloaded with it, whoever wants it.",
    "What is part of a framework itself, or comes from elsewhere: it leaves no download of its own.",
)


@dataclass(frozen=True)
class Row:
    """A tool with its newest figures, in the order of the columns; None where there is none."""

    name: str
    theme: str
    subject: str | None
    packages: str | None
    figures: Sequence[tuple[str, str] | None]
    caveat: str | None


def tools(evidence: Evidence) -> Page:
    """Return the page on the tools around the subjects."""
    keys = list(evidence.tool_points) or [f"{OF_TOOLS}{main_metrics()[0].id}"]
    every = themes(evidence.tools)
    figures = [
        figure for theme in every.items() for key in keys for figure in _figures(evidence, key, *theme)
    ]
    caveats = list(dict.fromkeys(tool.caveat for tool in evidence.tools if tool.caveat))
    return Page(
        name="tools",
        template="tools.html.j2",
        label="Tools",
        title="What is used around them?",
        description=f"{ABOUT}: {', '.join(every)}.",
        content={
            "answer": [*caveats, ABOUT],
            "figures": [replace(one, key=f"theme-{n}") for n, one in enumerate(figures, start=1)],
            "metrics": [evidence.series(key).metric for key in keys],
            "rows": list(_rows(evidence, keys)),
            "limits": LIMITS,
        },
    )


def _figures(evidence: Evidence, key: str, theme: str, of_theme: Sequence[Tool]) -> Iterator[Figure]:
    """Yield a theme's figure; its title ranks nobody where a subject installs one of them with itself."""
    noun, told = declared()[str(metric_of_tools(key))].noun, of_tools(evidence, key, of_theme)
    series = told.series(key)
    if series.is_sample or not any(tool.caveat for tool in of_theme):
        title = amounts_finding(series, told, noun)
    else:
        title = f"{noun[:1].upper()}{noun[1:]} {PERIODS[series.metric.grain]}, not all of them chosen"
    yield figure_of(told, key, f"{theme}. {title}")


def _rows(evidence: Evidence, keys: Sequence[str]) -> Iterator[Row]:
    last = {key: _last(evidence.tool_points.get(key, ())) for key in keys}
    for tool in evidence.tools:
        belongs_to = evidence.named(tool.subject_id) if tool.subject_id else None
        figures = [_told(last[key].get(tool.tool_id), evidence, key) for key in keys]
        yield Row(tool.name, tool.theme, belongs_to, tool.packages, figures, tool.caveat)


def _last(points: Sequence[Point]) -> Mapping[str, Point]:
    """Return the newest figure of each tool, of a period that is over and not unusual."""
    return {point.subject_id: point for point in points if point.is_usable}


def _told(point: Point | None, evidence: Evidence, key: str) -> tuple[str, str] | None:
    if point is None:
        return None
    metric, states = evidence.series(key).metric, {"sample": f", {SAMPLE}", "stale": ", last answer"}
    return figure(point.value, metric), period(point, metric.grain) + states.get(point.state, "")
