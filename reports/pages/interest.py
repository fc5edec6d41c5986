"""Interest: who is looked for and read about."""

from reports.charts.figure import Figure, figure_of, kindred
from reports.data.evidence import Evidence
from reports.findings.findings import ahead_finding, amounts_finding, share_finding
from reports.pages.page import Page

QUESTION = "Which one do people look for and read about?"
MEANING = "Search interest is relative to all searches; a pageview is an article opened in Wikipedia"
LIMITS = (
    "Why people look: a beginner, a job seeker and an outage all search alike.",
    "How many searches there are: Google tells an index, drawn anew from a sample each day.",
    "What is read elsewhere: in other languages, in the projects' own documentation, in a chat.",
    "Who uses what: curiosity comes before use, and often without it.",
)
# Ways to look closer: series, what its figures are called, label.
VIEWS = (
    ("pageviews_28_days", "pageviews, by the mean of four weeks,", "28 days"),
    ("pageviews_7_days", "pageviews", "7 days"),
    ("pageviews_days", "pageviews", "By day"),
)
WINDOWS = (
    ("google_trends_interest_weekly", "search interest", "By week"),
    ("google_trends_interest_daily", "search interest", "By day"),
)


def interest(evidence: Evidence) -> Page:
    """Return the page on search interest and pageviews."""
    searched, read = evidence.series("google_trends_interest"), evidence.series("pageviews_monthly")
    share = share_finding(searched, evidence, "search interest")
    views = share_finding(read, evidence, "Wikipedia pageviews")
    return Page(
        name="interest",
        template="measures.html.j2",
        label="Interest",
        title=QUESTION,
        description=f"{share}. {views}. Search interest and Wikipedia pageviews over time.",
        content={
            "answer": [share, views, MEANING],
            "figures": [
                *kindred(
                    figure_of(evidence, "google_trends_interest", share, label="Index"),
                    figure_of(evidence, "search_share", share, label="Share"),
                    *_windows(evidence),
                ),
                *kindred(
                    figure_of(
                        evidence,
                        "pageviews_monthly",
                        amounts_finding(read, evidence, "pageviews"),
                        label="Monthly",
                    ),
                    figure_of(evidence, "pageviews_share", views, label="Share"),
                    *(_ahead(evidence, *view) for view in VIEWS),
                ),
            ],
            "limits": LIMITS,
        },
    )


def _windows(evidence: Evidence) -> list[Figure]:
    """Return the closer looks that the file has: weeks only where an export was imported."""
    return [_ahead(evidence, *window) for window in WINDOWS if evidence.points.get(window[0])]


def _ahead(evidence: Evidence, key: str, noun: str, label: str) -> Figure:
    return figure_of(evidence, key, ahead_finding(evidence.series(key), evidence, noun), label=label)
