"""Google Trends: the columns of an export, each of one term in one region."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

# `pytorch: (Worldwide)`; in Chinese and Japanese the marks are wide ones.
HEADING = re.compile(r"(.*?)\s*[:：]\s*[(（](.*)[)）]")  # noqa: RUF001
NOT_STATED = "region not stated"


@dataclass(frozen=True)
class Columns:
    """The terms of one region, as the file writes them."""

    terms: tuple[str, ...]
    region: str


def read_columns(
    headings: Sequence[str], terms: Sequence[str], region: str | None = None, named: str | None = None
) -> Columns:
    """Return the columns of the only region, or of the one that is chosen.

    Where the headings state none, it is the chosen one, else the one that the file is `named` after. Raises
    ValueError unless the columns are those of all terms and of no other, in any order and case.
    """
    if not headings:
        raise ValueError(f"found no terms, expected {_listed(terms)}")
    columns = [_term_and_region(heading) for heading in headings]
    stated = list(dict.fromkeys(place for _, place in columns))
    chosen = NOT_STATED if stated == [NOT_STATED] else _chosen(stated, region)
    written = tuple(term for term, place in columns if place == chosen)
    _require_terms(written, terms)
    if chosen == NOT_STATED and (told := region or named):
        return Columns(written, _without_colon(told))
    return Columns(written, chosen)


def _term_and_region(heading: str) -> tuple[str, str]:
    both = HEADING.fullmatch(heading)
    return (both[1], both[2]) if both else (heading, NOT_STATED)


def _without_colon(region: str) -> str:
    # A colon parts it from the terms where the archive tells both.
    if ":" in region:
        raise ValueError(f"found the region {region!r}, expected a name without a colon")
    return region


def _chosen(regions: Sequence[str], region: str | None) -> str:
    found = [place for place in regions if region is None or place.lower() == region.lower()]
    if len(found) != 1:
        expected = "one of them, named by --region" if region is None else repr(region)
        raise ValueError(f"found the regions {_listed(regions)}, expected {expected}")
    return found[0]


def _require_terms(written: Sequence[str], terms: Sequence[str]) -> None:
    expected = {term.lower() for term in terms}
    for term in written:
        if term.lower() not in expected:
            near = get_close_matches(term.lower(), expected, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"found the term {term!r}, expected {_listed(terms)}{hint}")
    if sorted(term.lower() for term in written) != sorted(expected):
        raise ValueError(f"found {_listed(written)}, expected all of {_listed(terms)}, each once")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
