"""Under which terms each source gives its figures, as `docs/sources.md` tells too."""

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "github": "GitHub's Terms of Service and its acceptable-use rules for the API.",
    "google_trends": "Google's Terms of Service; name Google Trends as the source.",
    "pypi": "pypistats asks for identified, cached and modest use; ClickPy is a public demonstration.",
    "stackoverflow": "content is CC BY-SA 4.0; the API has its own terms of use.",
    "wikipedia": "the figures are CC0.",
}

LICENCE = "The figures belong to their sources, whose terms apply. What Barometer adds is under Apache-2.0."
