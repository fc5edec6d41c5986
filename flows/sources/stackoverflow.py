"""Stack Overflow: questions by tag and month, and each tag's total.

Cost: one request a tag and finished month, asked again weekly until it is settled, and one for the
totals of all tags. Without a key 300 requests a day; what the quota cuts off the next run asks for.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from flows.http import Answer, Client, Parse
from flows.session import Pace
from flows.shapes.stackoverflow import Wrapper, read_question_total, read_tag_totals, read_wrapper
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import AccessDenied, LimitReached, UnexpectedAnswer

PACE = Pace(per_second=20)

SITE_OPENED = date(2008, 8, 1)
# A tag is in use a little before the first release.
LEAD = timedelta(days=92)
# Questions are closed and deleted mostly in their first year; after it a month hardly changes any more.
SETTLED_AFTER = timedelta(days=365)
REREAD_AFTER = timedelta(days=7)

# Errors of the whole service, which answers all of them with HTTP 400.
# Source: https://api.stackexchange.com/docs/error-handling
THROTTLE_VIOLATION = 502
SERVICE_ERRORS = frozenset({500, 503})
ACCESS_ERRORS = frozenset({401, 402, 403, 405, 406})


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask for the number of questions that each tag ever had.

    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    tags = [tag for subject in subjects for tag in subject.identifiers("stackoverflow")]
    if tags:
        joined = ";".join(tags)
        parse = partial(read_tag_totals, tags)
        _ask(client, "tag_totals", joined, f"/tags/{joined}/info", {"pagesize": len(tags)}, parse)


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask for the questions of every finished month that is due, oldest first.

    Source: https://api.stackexchange.com/docs/questions with the built-in filter `total`
    """
    now = client.settings.clock()
    plan = [
        (month, tag)
        for subject in subjects
        for tag in subject.identifiers("stackoverflow")
        for month in _finished_months(_first_month(subject), now.date())
        if _is_due(month, known.get(("question_months", _key(tag, month))), now)
    ]
    for month, tag in sorted(plan):
        params: dict[str, str | int] = {"tagged": tag, "filter": "total", **_bounds(month)}
        _ask(client, "question_months", _key(tag, month), "/questions", params, read_question_total)


def _ask(
    client: Client, endpoint: str, key: str, path: str, params: Mapping[str, str | int], parse: Parse
) -> None:
    all_params = {**params, "site": "stackoverflow"}
    if client.settings.stackexchange_key:
        all_params["key"] = client.settings.stackexchange_key
    url = f"{client.settings.urls['STACKEXCHANGE_URL']}/2.3{path}"
    answer = client.ask(endpoint, key, url, params=all_params, parse=parse)
    told = read_wrapper(answer.page.body)
    _hold(client, endpoint, told)
    _raise_service_errors(answer, told)


def _hold(client: Client, endpoint: str, told: Wrapper) -> None:
    """Keep to what the service asks for: a pause before the same method again, or no more today.

    Source: https://api.stackexchange.com/docs/throttle
    """
    if told.backoff:
        client.holds.put(endpoint, told.backoff, f"the service asks to wait {told.backoff:g} s")
    # A quota of -1 was seen beside a backoff in October 2026; it says nothing of what is left.
    if told.quota_remaining == 0:
        client.holds.put(None, math.inf, "the day's quota is used up")


def _raise_service_errors(answer: Answer, told: Wrapper) -> None:
    """Tell the service's own trouble from the refusal of one question; both come as HTTP 400."""
    if answer.page.problem is None:
        return
    if told.error_id == THROTTLE_VIOLATION:
        raise LimitReached(answer.page.problem)
    if told.error_id in ACCESS_ERRORS:
        raise AccessDenied(answer.page.problem)
    if told.error_id in SERVICE_ERRORS:
        raise UnexpectedAnswer(answer.page.problem)


def _is_due(month: date, read_at: datetime | None, now: datetime) -> bool:
    """Whether a month was never answered, or may have changed since it was."""
    if read_at is None:
        return True
    is_settled = read_at.date() - _next_month(month) >= SETTLED_AFTER
    return not is_settled and now - read_at >= REREAD_AFTER


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
