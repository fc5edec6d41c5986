"""What Google Trends makes of a comparison: a window of two dates, widgets, and a token for each."""

import hashlib
import json
import re
from calendar import monthrange
from datetime import date
from typing import Any, TypeAlias

from flows.standin.curve import Resolution

Json: TypeAlias = dict[str, Any]

MOST_TERMS = 5

# Google's figures begin here; it is where the window `all` starts.
FIRST_DAY = date(2004, 1, 1)


def over_time_request(comparison: Json, locale: str, today: date) -> Json:
    """Return the request behind the widget over time.

    Raises ValueError where Google answers 400: too many terms, or a window it cannot read.
    """
    items = comparison["comparisonItem"]
    times = {item["time"] for item in items}
    if len(items) > MOST_TERMS or len(times) != 1:
        raise ValueError(
            f"{len(items)} terms over {len(times)} windows, expected at most {MOST_TERMS} over one"
        )
    first, last = _window(times.pop(), today)
    options = {"property": comparison.get("property", ""), "category": comparison.get("category", 0)}
    return {
        "time": f"{first} {last}",
        "resolution": Resolution.of(first, last).value,
        "locale": locale,
        "comparisonItem": [_restriction(item["keyword"], item.get("geo", "")) for item in items],
        "requestOptions": options | {"backend": "IZG"},
        "userConfig": {"userType": "USER_TYPE_SCRAPER"},
    }


def widgets_of(over_time: Json) -> list[Json]:
    """Return the widgets in the order pytrends expects: four for one term, two and three a term for more."""
    by_region = over_time | {"resolution": "COUNTRY"}
    widgets = [_widget("TIMESERIES", over_time), _widget("GEO_MAP", by_region)]
    items = over_time["comparisonItem"]
    if len(items) == 1:
        return [*widgets, _related("RELATED_TOPICS", items[0]), _related("RELATED_QUERIES", items[0])]
    for n, (term, item) in enumerate(zip(terms_of(over_time), items, strict=True)):
        title = {"id": f"TITLE_{n}", "type": "fe_text", "title": "", "text": {"text": term}}
        region = _widget(f"GEO_MAP_{n}", by_region | {"comparisonItem": [item]})
        widgets += [title, region, _related(f"RELATED_QUERIES_{n}", item)]
    return widgets


def terms_of(request: Json) -> list[str]:
    """Return the terms of a widget's request, in the order of its values."""
    restrictions = (item["complexKeywordsRestriction"] for item in request["comparisonItem"])
    return [restriction["keyword"][0]["value"] for restriction in restrictions]


def token_of(request: Json) -> str:
    """Return the token that a request must come with: bound to its values, not to how they are spaced."""
    canonical = json.dumps(request, sort_keys=True)
    return f"DEMO_{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"


def _restriction(term: str, geo: str) -> Json:
    keywords = {"keyword": [{"type": "BROAD", "value": term}]}
    return {"geo": {"country": geo} if geo else {}, "complexKeywordsRestriction": keywords}


def _related(identifier: str, item: Json) -> Json:
    return _widget(identifier, {"restriction": item, "metric": ["TOP", "RISING"]})


def _widget(identifier: str, request: Json) -> Json:
    kinds = {"TIMESERIES": ("fe_line_chart", "Interest over time"), "GEO_MAP": ("fe_geo_chart", "By region")}
    kind, title = kinds.get(re.sub(r"_\d$", "", identifier), ("fe_related_searches", "Related searches"))
    return {"request": request, "token": token_of(request), "id": identifier, "type": kind, "title": title}


def _window(text: str, today: date) -> tuple[date, date]:
    if text == "all":
        return FIRST_DAY, today
    if back := re.fullmatch(r"today (\d+)-([my])", text):
        return _months_before(today, int(back[1]) * (12 if back[2] == "y" else 1)), today
    first, last = (date.fromisoformat(day) for day in text.split(" "))
    if first > last:
        raise ValueError(f"window {text}: expected its first day first")
    return first, last


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
