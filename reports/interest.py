"""Interest: who is looked for and read about."""

from reports.evidence import Evidence
from reports.figures import figure_of, kindred
from reports.findings import amounts_finding, share_finding
from reports.pages import Page

QUESTION = "Which one do people look for and read about?"
MEANING = "Search interest is relative to all searches; a pageview is an article opened in Wikipedia"
LIMITS = (
    "Why people look: a beginner, a job seeker and an outage all search alike.",
    "How many searches there are: Google tells an index, drawn anew from a sample each day.",
    "What is read elsewhere: in other languages, in the projects' own documentation, in a chat.",
    "Who uses what: curiosity comes before use, and often without it.",
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
                ),
                *kindred(
                    figure_of(
                        evidence,
                        "pageviews_monthly",
                        amounts_finding(read, evidence, "pageviews"),
                        label="Monthly",
                    ),
                    figure_of(evidence, "pageviews_share", views, label="Share"),
                    figure_of(
                        evidence, "pageviews_28_days", "How do views move from week to week?", label="28 days"
                    ),
                    figure_of(
                        evidence, "pageviews_7_days", "Which weeks stand out in views?", label="7 days"
                    ),
                ),
            ],
            "limits": LIMITS,
        },
    )
