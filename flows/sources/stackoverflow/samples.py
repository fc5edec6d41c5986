"""Stack Overflow: when the first questions of a month were answered; no text, no name, no number of a person.

Cost: one request a tag and month, once, two weeks after its end; and one a run for the filter, which asks for
a few fields alone.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from zlib import crc32

from flows.client.calendar import next_month, seconds_of
from flows.client.client import Client
from flows.client.request import Question
from flows.sources.stackoverflow import stackexchange
from flows.sources.stackoverflow.answers import read_filter, read_samples
from warehouse.config.catalog import catalog

# When each question was asked and answered, and which answer was accepted; of the wrapper what is obeyed.
# Source: https://api.stackexchange.com/docs/create-filter
FIELDS = (
    *(".items", ".has_more", ".backoff", ".quota_max", ".quota_remaining"),
    *(".error_id", ".error_name", ".error_message"),
    *("question.creation_date", "question.answers", "answer.creation_date", "answer.is_accepted"),
)
# As many as one answer holds.
SAMPLED = 100
SPREAD_DAYS = 14
# All of a month had as long as that to be answered, so that nobody's wait is cut short before it.
WAITED = timedelta(days=catalog().metrics["stackoverflow_hours_to_answer"].asked_after_days)


def sample_of(
    month: date, tag: str, unknown: set[str], filters: list[str], today: date, spread: bool
) -> Sequence[Question]:
    """Return the question about a tag's month; none before its last day is two weeks old.

    Those of many tags are `spread` over the days after it. `filters` holds the filter's name once it was made
    in this run.
    """
    due_on = next_month(month) + WAITED
    if spread:
        due_on += timedelta(days=crc32(tag.encode()) % SPREAD_DAYS)
    if due_on > today:
        return ()
    ask = partial(_ask, tag, month, unknown, filters)
    return (Question("answer_samples", _key(tag, month), ask, settled_on=due_on),)


def _ask(tag: str, month: date, unknown: set[str], filters: list[str], client: Client) -> None:
    """Ask for the first questions of a month, unless the tag is not known or the filter is refused.

    Source: https://api.stackexchange.com/docs/questions
    """
    if tag in unknown:
        return
    if not filters:
        filters += _make_filter(client)
    for name in filters:
        first, last = seconds_of(month)
        params: dict[str, str | int | None] = {"fromdate": first, "todate": last, "tagged": tag}
        params |= {"filter": name, "pagesize": SAMPLED, "sort": "creation", "order": "asc"}
        parse = partial(read_samples, first, last)
        stackexchange.ask(client, "answer_samples", _key(tag, month), "/questions", params, parse)


def _make_filter(client: Client) -> Sequence[str]:
    """Return the filter's name, which the service gives the same fields each time; none if it is refused."""
    params = {"include": ";".join(FIELDS), "base": "none", "unsafe": "false", "site": None}
    made = stackexchange.ask(client, "answer_filter", "", "/filters/create", params, read_filter)
    return [item.filter for item in made.data.items] if made.data else []


def _key(tag: str, month: date) -> str:
    return f"{tag} {month:%Y-%m}"
