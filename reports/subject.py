"""A page of each subject: its own history, with its releases."""

from reports.evidence import Evidence
from reports.figures import Figure, figure_of, kindred, package_figure
from reports.findings import amounts_finding
from reports.latest import latest
from reports.pages import Page
from reports.rows import Subject
from reports.words import counted, day

LIMITS = (
    "How it compares: the lines here have a scale of their own.",
    "Why a line moves: a release is marked where it fell; that a rise follows one proves nothing.",
)
# Ways to look at one thing stand together: series, what its figures are called, label.
GROUPS = (
    (
        ("github_stars_total", "stars", "In total"),
        ("stars_gained_monthly", "stars gained", "Gained a month"),
    ),
    (("github_forks_total", "forks", "Forks"), ("github_open_issues", "open issues", "Open issues")),
    (("stackoverflow_questions", "questions", ""),),
    (("google_trends_interest", "search interest", ""),),
    (
        ("pageviews_monthly", "pageviews", "Monthly"),
        ("pageviews_28_days", "pageviews a day", "28 days"),
        ("pageviews_7_days", "pageviews a day", "7 days"),
    ),
)


def subject_page(evidence: Evidence, subject: Subject) -> Page:
    """Return the page of a subject."""
    alone = evidence.only(subject)
    groups = [[_figure(alone, *series) for series in group] for group in GROUPS]
    told = [figure for group in groups for figure in (kindred(*group) if len(group) > 1 else group)]
    return Page(
        name=f"subject-{subject.subject_id}",
        template="subject.html.j2",
        label=subject.name,
        title=f"How has {subject.name} fared?",
        description=f"{subject.name}: downloads, stars, questions and interest over time, releases marked.",
        content={
            "answer": _answer(alone, subject),
            "latest": latest(alone),
            "figures": [*_downloads(alone, subject), *told],
            "releases": [event for event in reversed(alone.events) if event.kind == "release"],
            "limits": LIMITS,
        },
        subject=subject,
    )


def _figure(evidence: Evidence, key: str, noun: str, label: str) -> Figure:
    title = amounts_finding(evidence.series(key), evidence, noun)
    return figure_of(evidence, key, title, label=label)


def _downloads(evidence: Evidence, subject: Subject) -> list[Figure]:
    whole = _figure(evidence, "pypi_downloads", "index downloads", "Together")
    if not evidence.packages.get(subject.subject_id):
        return [whole]
    title = f"Which packages of {subject.name} are downloaded?"
    return kindred(whole, package_figure(evidence, subject, title))


def _answer(evidence: Evidence, subject: Subject) -> list[str]:
    downloads, stars = evidence.series("pypi_downloads"), evidence.series("github_stars_total")
    told = [
        amounts_finding(downloads, evidence, "index downloads"),
        amounts_finding(stars, evidence, "stars"),
    ]
    if subject.first_release_on:
        years = (evidence.today - subject.first_release_on).days // 365
        told.append(f"First released on {day(subject.first_release_on)}, {counted(years, 'year')} ago")
    return told
