"""Divisions: a subject's downloads told apart by package, by installer, by system, by version of Python.

The series of a division is one of parts: what stands in the place of a point's subject is the part. A new
division is a query in `queries/` and an entry in DIVISIONS.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reports.data.records import Metric, Point


@dataclass(frozen=True)
class Division:
    """By what downloads are told apart: how its query is called, what it reads, how it is told."""

    query: str
    table: str
    label: str
    changes: Mapping[str, str]
    fills: Mapping[str, str]


# Nobody fetches a version for much longer, and those of today would be lost among all that there were.
TWO_YEARS, FIVE_YEARS = "104", "260"

DIVISIONS: Mapping[str, Division] = {
    "packages": Division(
        "package_months",
        "package_downloads_daily",
        "By package",
        {
            "name": "Downloads by package",
            "definition": "Downloads of each package in a month of which every day is known, known mirrors "
            "left out. Packages that another one pulls in are not among them, so that the layers add up to "
            "the subject's downloads.",
        },
        {},
    ),
    "installers": Division(
        "installer_months",
        "package_downloads_daily",
        "By installer",
        {
            "name": "Downloads by installer",
            "definition": "Downloads by what fetched the files, in months that the download logs tell whole, "
            "known mirrors left out. People: pip, uv, conda and the like; script: builds, programs and "
            "browsers; unknown: what did not say.",
            "caveat": "Build machines run people's installers too, so this is more than people's own part.",
        },
        {},
    ),
    "systems": Division(
        "split_weeks",
        "package_downloads_split",
        "By system",
        {
            "name": "Downloads by system",
            "grain": "week",
            "definition": "Downloads by operating system in weeks of which every day is known, mirrors left "
            "out.",
            "caveat": "Most machines that build and serve run Linux. Known from half a year before the first "
            "collection on.",
        },
        {"split": "system", "weeks": FIVE_YEARS},
    ),
    "pythons": Division(
        "split_weeks",
        "package_downloads_split",
        "By Python",
        {
            "name": "Downloads by version of Python",
            "grain": "week",
            "definition": "Downloads by version of Python in weeks of which every day is known, mirrors left "
            "out; the seven versions that fetched most, and all others together.",
            "caveat": "The Python that ran the installer. Known from half a year before the first collection "
            "on.",
        },
        {"split": "python_minor", "weeks": FIVE_YEARS},
    ),
    "versions": Division(
        "split_weeks",
        "package_downloads_split",
        "By release",
        {
            "name": "Downloads by minor version",
            "grain": "week",
            "definition": "Downloads by minor version (2.9 for 2.9.1) in weeks of which every day is known, "
            "known mirrors left out; the seven that fetched most, and all others together.",
            "caveat": "Packages of one subject are added by the number of their version. Pre-releases are "
            "one layer. Machines ask for one version for years.",
        },
        {"split": "minor_version", "weeks": TWO_YEARS},
    ),
    "countries": Division(
        "split_weeks",
        "package_downloads_split",
        "By country",
        {
            "name": "Downloads by country",
            "grain": "week",
            "definition": "Downloads by country of the client's address, told by its code of two letters, in "
            "weeks of which every day is known, known mirrors left out; the seven that fetched most, unknown "
            "among them where it is one, and all others together.",
            "caveat": "Where machines stand and not who uses them: most addresses are of data centres. Known "
            "from sixty days before the first collection on.",
        },
        {"split": "country", "weeks": FIVE_YEARS},
    ),
}


def division_of(key: str) -> tuple[Division, str] | None:
    """Return the division and the subject that a series' key names; None for any other series."""
    name, _, subject_id = key.partition("-")
    return (DIVISIONS[name], subject_id) if subject_id and name in DIVISIONS else None


def metric_of_parts(division: Division, downloads: Metric) -> Metric:
    """Return what the parts measure: the metric that is divided, with what is different."""
    return replace(downloads, **division.changes)


def parts_in_order(points: Sequence[Point]) -> list[str]:
    """Return the parts by name, numbers in them by size: 3.9 stands before 3.10."""
    return sorted({point.subject_id for point in points}, key=_natural)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
