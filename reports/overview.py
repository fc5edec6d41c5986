"""The overview: the question, the answer in a sentence, where the measures agree, the main lines."""

from collections.abc import Sequence

from reports.agreement import agreement, left_out, up_to_date
from reports.chronicle import Chronicle, shown, told_since
from reports.evidence import Evidence
from reports.figures import HALF, Figure, figure_of
from reports.findings import change_finding, ratio_finding, share_finding
from reports.latest import latest
from reports.lede import Clause, lede
from reports.pages import Page
from reports.quality import freshness

LIMITS = (
    "Which framework is better, or better for a purpose: these are traces of attention and of installing.",
    "How many people use either: one may install a thousand times, and a thousand share one install.",
    "Why a line moves. Events are marked where they fell; that one follows another proves nothing.",
    "Anything about figures no source gives any more: a series that ended stays where it ended.",
)


def overview(evidence: Evidence, changed: Chronicle) -> Page:
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
            "told_since": told_since(changed),
            "changes": shown(changed),
            "freshness": freshness(evidence),
            "figures": _figures(evidence),
            "latest": latest(evidence),
            "limits": LIMITS,
        },
    )


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


def _plain(clauses: Sequence[Clause]) -> str:
    return " ".join(f"{clause.subject.name if clause.subject else ''}{clause.text}" for clause in clauses)
