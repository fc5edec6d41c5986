"""Adoption: how much of each is downloaded, looked for and read about."""

from reports.evidence import Evidence
from reports.figures import FULL, figure_of
from reports.findings import amounts_finding, share_finding
from reports.pages import Page

QUESTION = "How much is each one downloaded?"
MEANING = "An index download is a file fetched from the Python package index, by a person or by a machine"
LIMITS = (
    "How many people or projects use a framework: build machines download the same release again and again.",
    "What is installed from elsewhere: another index, conda, a container image, a machine that came with it.",
    "Why a line moves: an installer that caches more, or a popular package that begins to require another, "
    "moves it as much as a choice does.",
    "What is used at work behind a mirror or a proxy: it counts once, or not at all.",
)


def adoption(evidence: Evidence) -> Page:
    """Return the page on downloads, search interest and pageviews."""
    downloads, interest = evidence.series("pypi_downloads"), evidence.series("google_trends_interest")
    pageviews = evidence.series("pageviews_monthly")
    share = share_finding(downloads, evidence, "index downloads")
    titles = {
        "pypi_downloads": amounts_finding(downloads, evidence, "index downloads"),
        "downloads_share": share,
        "google_trends_interest": share_finding(interest, evidence, "search interest"),
        pageviews.key: share_finding(pageviews, evidence, "Wikipedia pageviews"),
    }
    return Page(
        name="adoption",
        template="measures.html.j2",
        label="Adoption",
        title=QUESTION,
        description=f"{share}. Index downloads, search interest and Wikipedia pageviews, month by month.",
        content={
            "answer": [share, MEANING],
            "figures": [figure_of(evidence, key, title, FULL) for key, title in titles.items()],
            "limits": LIMITS,
        },
    )
