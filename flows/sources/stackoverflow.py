"""Stack Overflow: questions by tag and month, and each tag's total.

Cost: one request a tag and finished month, asked once, and one for the totals of all tags. Without a
key 300 requests a day; what the quota cuts off is asked for in the next run.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from flows.http import Answer, Client, Pace
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import LimitReached, UnexpectedAnswer

PACE = Pace(per_second=20)

SITE_OPENED = date(2008, 8, 1)
# A tag is in use a little before the first release.
LEAD = timedelta(days=92)

# Errors of the whole service, which answers all of them with HTTP 400.
# Source: https://api.stackexchange.com/docs/error-handling
THROTTLE_VIOLATION = 502
SERVICE_ERRORS = frozenset({500, 503})


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask for the number of questions that each tag ever had.

    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    tags = [tag for subject in subjects for tag in subject.identifiers("stackoverflow")]
    if tags:
        joined = ";".join(tags)
        _ask(client, "tag_totals", joined, f"/tags/{joined}/info", {"pagesize": len(tags)})


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask for the questions of every finished month that has not been answered yet, oldest first.

    Source: https://api.stackexchange.com/docs/questions with the built-in filter `total`
    """
    today = client.settings.clock().date()
    plan = [
        (month, tag)
        for subject in subjects
        for tag in subject.identifiers("stackoverflow")
        for month in _finished_months(_first_month(subject), today)
        if ("question_months", _key(tag, month)) not in known
    ]
    for month, tag in sorted(plan):
        params: dict[str, str | int] = {"tagged": tag, "filter": "total", **_bounds(month)}
        _ask(client, "question_months", _key(tag, month), "/questions", params)


def _ask(client: Client, endpoint: str, key: str, path: str, params: Mapping[str, str | int]) -> Answer:
    all_params = {**params, "site": "stackoverflow"}
    if client.settings.stackexchange_key:
        all_params["key"] = client.settings.stackexchange_key
    url = f"{client.settings.urls['STACKEXCHANGE_URL']}/2.3{path}"
    answer = client.ask(endpoint, key, url, params=all_params)
    _raise_service_errors(answer)
    return answer


def _raise_service_errors(answer: Answer) -> None:
    """Tell the service's own trouble from the refusal of one question; both come as HTTP 400."""
    if answer.page.problem is None:
        return
    try:
        error_id = json.loads(answer.page.body)["error_id"]
    except (ValueError, KeyError, TypeError):
        return
    if error_id == THROTTLE_VIOLATION:
        raise LimitReached(answer.page.problem)
    if error_id in SERVICE_ERRORS:
        raise UnexpectedAnswer(answer.page.problem)


def _key(tag: str, month: date) -> str:
    return f"{tag} {month:%Y-%m}"


def _first_month(subject: Subject) -> date:
    if subject.first_release_on is None:
        return SITE_OPENED
    return max(SITE_OPENED, (subject.first_release_on - LEAD).replace(day=1))


def _finished_months(first: date, today: date) -> Iterator[date]:
    month = first
    while (following := _next_month(month)) <= today:
        yield month
        month = following


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _bounds(month: date) -> dict[str, int]:
    """Return the month's first and last second; both bounds are inclusive."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = _next_month(month)
    return {
        "fromdate": int(start.timestamp()),
        "todate": int(datetime(end.year, end.month, 1, tzinfo=UTC).timestamp()) - 1,
    }
