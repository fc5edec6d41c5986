"""The overview: the question, the answer in a sentence, where the measures agree, the main lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.agreement import agreement, left_out, up_to_date
from reports.evidence import Evidence
from reports.figures import HALF, Figure, figure_of
from reports.findings import change_finding, ratio_finding, share_finding
from reports.lede import Clause, lede
from reports.pages import Page
from reports.rows import Metric, Point
from reports.words import SAMPLE, figure, period

LATEST = (
    "pypi_downloads",
    "pypi_downloads_with_mirrors",
    "github_stars_gained",
    "github_stars_total",
    "github_forks_total",
    "github_open_issues",
    "stackoverflow_questions",
    "google_trends_interest",
    "wikipedia_pageviews",
)

LIMITS = (
    "Which framework is better, or better for a purpose: these are traces of attention and of installing.",
    "How many people use either: one may install a thousand times, and a thousand share one install.",
    "Why a line moves. Events are marked where they fell; that one follows another proves nothing.",
    "Anything about figures no source gives any more: a series that ended stays where it ended.",
)


@dataclass(frozen=True)
class Latest:
    """The last figure of each subject in one metric, with its period; None where there is none."""

    metric: Metric
    figures: Sequence[tuple[str, str] | None]


def overview(evidence: Evidence) -> Page:
    """Return the overview."""
    answer = lede(up_to_date(evidence), left_out(evidence))
    return Page(
        name="index",
        template="index.html.j2",
        label="Overview",
        title=evidence.build.question,
        description=_plain(answer),
        content={
            "lede": answer,
            "agreement": agreement(evidence),
            "figures": _figures(evidence),
            "latest": latest(evidence),
            "limits": LIMITS,
        },
    )


def latest(evidence: Evidence) -> list[Latest]:
    """Return the last figures of every metric that has any."""
    rows = [_latest(evidence, key) for key in LATEST if key in evidence.metrics]
    return [row for row in rows if any(row.figures)]


def _figures(evidence: Evidence) -> list[Figure]:
    downloads = evidence.series("pypi_downloads")
    gained, stars = evidence.series("stars_gained_monthly"), evidence.series("github_stars_total")
    questions = evidence.series("stackoverflow_questions")
    first = "downloads_share" if len(evidence.subjects) > 1 else "pypi_downloads"
    titles = {
        first: share_finding(downloads, evidence, "index downloads"),
        gained.key: change_finding(gained, evidence, "stars"),
        stars.key: ratio_finding(stars, evidence, "stars"),
        questions.key: share_finding(questions, evidence, "questions"),
    }
    return [figure_of(evidence, key, title, HALF) for key, title in titles.items()]


def _latest(evidence: Evidence, key: str) -> Latest:
    series = evidence.series(key)
    found = series.by_subject()
    return Latest(
        series.metric,
        [_last(found.get(subject.subject_id, ()), series.metric) for subject in evidence.subjects],
    )


def _last(points: Sequence[Point], metric: Metric) -> tuple[str, str] | None:
    over = [point for point in points if point.state not in ("partial", "suspect")]
    if not over:
        return None
    sample = f", {SAMPLE}" if over[-1].state == "sample" else ""
    return figure(over[-1].value, metric), period(over[-1], metric.grain) + sample


def _plain(clauses: Sequence[Clause]) -> str:
    return " ".join(f"{clause.subject.name if clause.subject else ''}{clause.text}" for clause in clauses)
