"""Stack Overflow: questions by tag and month, and each tag's total.

Cost: one request a tag and finished month, asked again weekly until it is settled, and one for the
totals of all tags. Without a key 300 requests a day; what the quota cuts off the next run asks for.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from flows.http import Answer, Client, Parse
from flows.questions import EACH_TIME, Question
from flows.session import Pace, Quota
from flows.shapes.stackoverflow import Wrapper, read_question_total, read_tag_totals, read_wrapper
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import AccessDenied, LimitReached, UnexpectedAnswer
from warehouse.settings import Settings

PACE = Pace(per_second=20)

SITE_OPENED = date(2008, 8, 1)
# A tag is in use a little before the first release.
LEAD = timedelta(days=92)
# Questions are closed and deleted mostly in their first year; after it a month hardly changes any more.
SETTLED_AFTER = timedelta(days=365)
REREAD_DAYS = 7

# Errors of the whole service, which answers all of them with HTTP 400.
# Source: https://api.stackexchange.com/docs/error-handling
THROTTLE_VIOLATION = 502
SERVICE_ERRORS = frozenset({500, 503})
ACCESS_ERRORS = frozenset({401, 402, 403, 405, 406})


def quota(settings: Settings) -> Quota:
    """Return how much is answered in a day, by address or by key.

    Source: https://api.stackexchange.com/docs/throttle
    """
    return Quota(10_000 if settings.stackexchange_key else 300, 86_400)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield the totals of all tags, then every finished month of each tag, oldest first."""
    tags = [(subject, tag) for subject in subjects for tag in subject.identifiers("stackoverflow")]
    if tags:
        names = [tag for _, tag in tags]
        yield Question("tag_totals", ";".join(names), partial(_ask_totals, names), EACH_TIME)
    months = sorted(
        (month, tag)
        for subject, tag in tags
        for month in _finished_months(_first_month(subject), settings.clock().date())
    )
    for month, tag in months:
        ask = partial(_ask_month, tag, month)
        settled_on = _next_month(month) + SETTLED_AFTER
        yield Question("question_months", _key(tag, month), ask, REREAD_DAYS, settled_on)


def _ask_totals(tags: Sequence[str], client: Client) -> None:
    """Ask for the number of questions that each tag ever had.

    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    joined = ";".join(tags)
    parse = partial(read_tag_totals, tags)
    _ask(client, "tag_totals", joined, f"/tags/{joined}/info", {"pagesize": len(tags)}, parse)


def _ask_month(tag: str, month: date, client: Client) -> None:
    """Ask for the number of questions of a month.

    Source: https://api.stackexchange.com/docs/questions with the built-in filter `total`
    """
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
    client.quota_left = told.quota_remaining
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
