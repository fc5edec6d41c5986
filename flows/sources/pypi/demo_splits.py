"""The download logs by minor version and by country: a formula, because no figures of it were at hand.

Every 120 days since 2016 a package has a new minor version, 1.0, 1.1 and so on. How many fetch a version
rises evenly for its first 90 days and falls by half in each 120 days after them; one that is older than three
years nobody fetches. Countries have the same shares on each day. Nothing was fitted to real figures.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

FIRST_RELEASE, A_RELEASE_EVERY, RISES_FOR, OLDEST = date(2016, 1, 1), 120, 90, 1_095
PRE_RELEASES = 2  # of a hundred
COUNTRIES = {"": 9, "BR": 2, "CN": 8, "DE": 7, "FR": 4, "GB": 5, "IN": 8, "JP": 5, "KR": 4, "US": 48}

COLUMNS = {
    "date": "Date",
    "package": "String",
    "versions": "Map(String, Int64)",
    "countries": "Map(String, Int64)",
    "downloads": "Int64",
    "located": "Int64",
}

# Everything downstream learns from this key what is no figure of the logs.
SAMPLE = "shares made up for Barometer's demo, not the logs' figures"

Downloads: TypeAlias = Callable[[str, date], int | None]


def split_rows(
    packages: Sequence[str], first_day: date, last_day: date, located_from: date, downloads: Downloads
) -> Iterator[dict[str, Any]]:
    """Yield a row for each day and package whose downloads are known, and for pip one on each day."""
    for offset in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=offset)
        told = {package: known for package in packages if (known := downloads(package, day))}
        versions = _versions(day)
        for package in sorted({*told, "pip"}):
            of_day = told.get(package, 0)
            located = of_day if day >= located_from else 0
            yield {
                "date": day.isoformat(),
                "package": package,
                "versions": _parts(of_day, versions),
                "countries": _parts(located, COUNTRIES),
                "downloads": of_day,
                "located": located,
            }


def _versions(day: date) -> Mapping[str, int]:
    """Return how much each minor version weighs on a day."""
    age, weights = (day - FIRST_RELEASE).days, dict[str, int]()
    for minor in range(age // A_RELEASE_EVERY + 1):
        own = age - minor * A_RELEASE_EVERY
        if own <= OLDEST:
            weights[f"1.{minor}"] = 1_000 * min(own + 1, RISES_FOR) >> max(own - RISES_FOR, 0) // 120
    weights["pre-release"] = sum(weights.values()) * PRE_RELEASES // 100
    return weights


def _parts(total: int, weights: Mapping[str, int]) -> Mapping[str, int]:
    """Return a total in whole parts, which sum to it; those of nothing are left out."""
    whole = sum(weights.values())
    edges = [total * edge // whole for edge in accumulate(weights.values(), initial=0)]
    return {name: b - a for name, (a, b) in zip(weights, pairwise(edges), strict=True) if b > a}
