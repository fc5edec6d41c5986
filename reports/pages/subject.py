"""A page of each subject: its own history, with its releases."""

from reports.charts.figure import Figure, figure_of, kindred, parts_figure
from reports.data.breakdowns import DIVISIONS
from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.data.wording import counted, day
from reports.findings.findings import amounts_finding, parts_finding
from reports.findings.latest import latest
from reports.pages.page import Page

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
    (
        ("github_forks_total", "forks", "Forks"),
        ("github_open_issues", "open issues", "Open issues"),
        ("github_subscribers_total", "watchers", "Watchers"),
    ),
    (
        ("stackoverflow_questions", "questions", "Questions"),
        ("stackoverflow_questions_share", "of the site's questions", "Share of the site"),
        ("stackoverflow_answered_share", "of its questions answered", "Answered"),
    ),
    (("google_trends_interest", "search interest", ""),),
    (
        ("pageviews_monthly", "pageviews", "Monthly"),
        ("pageviews_28_days", "pageviews a day", "28 days"),
        ("pageviews_7_days", "pageviews a day", "7 days"),
        ("pageviews_days", "pageviews a day", "By day"),
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
    parts = [
        _parts(evidence, subject, name, division.label)
        for name, division in DIVISIONS.items()
        if evidence.parts.get(f"{name}-{subject.subject_id}")
    ]
    return kindred(whole, *parts) if parts else [whole]


def _parts(evidence: Evidence, subject: Subject, name: str, label: str) -> Figure:
    key = f"{name}-{subject.subject_id}"
    noun = f"{subject.name}'s downloads {label[:1].lower()}{label[1:]}"
    return parts_figure(evidence, key, parts_finding(evidence.series(key), noun), label)


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
