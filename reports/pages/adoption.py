"""Adoption: how much of each is downloaded."""

from reports.charts.figure import figure_of, kindred
from reports.data.evidence import Evidence
from reports.findings.findings import amounts_finding, share_finding
from reports.pages.page import Page

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
    """Return the page on downloads."""
    downloads = evidence.series("pypi_downloads")
    mirrored = evidence.series("pypi_downloads_with_mirrors")
    share = share_finding(downloads, evidence, "index downloads")
    amounts = amounts_finding(downloads, evidence, "index downloads")
    people = amounts_finding(
        evidence.series("people_share"), evidence, "of its downloads by people's installers"
    )
    with_mirrors = amounts_finding(mirrored, evidence, "downloads with mirrors")
    return Page(
        name="adoption",
        template="measures.html.j2",
        label="Adoption",
        title=QUESTION,
        description=f"{share}. Index downloads month by month, with and without mirrors.",
        content={
            "answer": [share, amounts, MEANING],
            "figures": [
                *kindred(
                    figure_of(evidence, "pypi_downloads", amounts, label="Downloads"),
                    figure_of(evidence, "downloads_share", share, label="Share"),
                    figure_of(evidence, "people_share", people, label="People's installers"),
                ),
                figure_of(evidence, "pypi_downloads_with_mirrors", with_mirrors),
            ],
            "limits": LIMITS,
        },
    )
