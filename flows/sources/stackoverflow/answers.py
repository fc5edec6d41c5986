"""StackExchange: what wraps every answer, the totals and synonyms of tags, and a number of questions."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import Field

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Count, Shape, read_json
from flows.client.errors import Unanswered

# The wait stands in the message alone: "too many requests from this IP, more requests available in 46472
# seconds".
AVAILABLE_IN = re.compile(r"more requests available in (\d{1,9}) seconds")
# A wrong key is a bad parameter whose message is a sentence, like "`key` doesn't match a known application".
ABOUT_KEY = re.compile(r"\bkeys?\b", re.IGNORECASE)


class Wrapper(Shape):
    """What the service says beside the answer: seconds to wait, requests left today, its own error.

    Source: https://api.stackexchange.com/docs/wrapper
    """

    backoff: Annotated[float, Field(ge=0)] | None = None
    quota_remaining: int | None = None
    error_id: int | None = None
    error_message: str | None = None

    @property
    def is_about_key(self) -> bool:
        """Whether the key is refused, which comes as a bad parameter like any other."""
        return self.error_id == 400 and ABOUT_KEY.search(self.error_message or "") is not None


class TagTotal(Shape):
    """The number of questions that have a tag now."""

    name: str
    count: Count


class TagTotals(Wrapper):
    """Totals of the tags asked for; unknown tags are left out."""

    items: tuple[TagTotal, ...]
    has_more: Literal[False]


class TagSynonym(Shape):
    """A tag that is turned into another, and since which second since 1970."""

    from_tag: str
    to_tag: str
    creation_date: Annotated[int, Field(ge=0, lt=2**32)]


class TagSynonyms(Wrapper):
    """The synonyms of the tags asked for; a tag may have none."""

    items: tuple[TagSynonym, ...]
    has_more: Literal[False]


class QuestionTotal(Wrapper):
    """The number of questions that a filter finds; null where it is not known."""

    total: Count | None


class _Filter(Shape):
    """A filter by its name, which never changes."""

    filter: Annotated[str, Field(min_length=1)]


class Filters(Wrapper):
    """The one filter that was made, or was there."""

    items: Annotated[tuple[_Filter, ...], Field(min_length=1, max_length=1)]


class _AnswerTime(Shape):
    """When an answer was given, in seconds since 1970, and whether it was accepted."""

    creation_date: Annotated[int, Field(ge=0, lt=2**32)]
    is_accepted: bool


class SampledQuestion(Shape):
    """When a question was asked and answered; one without an answer has no list of them, or an empty one."""

    creation_date: int
    answers: tuple[_AnswerTime, ...] = ()


class Samples(Wrapper):
    """Questions of a month, the oldest first; null where they are not known."""

    items: tuple[SampledQuestion, ...] | None


def read_filter(body: bytes) -> Filters:
    """Return the filter that was made."""
    return read_json(Filters, body)


def read_samples(first: int, last: int, body: bytes) -> Samples:
    """Return questions that were asked between two seconds; none is an answer, and null raises Unanswered."""
    told = read_json(Samples, body)
    if told.items is None:
        raise Unanswered("found null, expected questions")
    times = [item.creation_date for item in told.items]
    if times != sorted(times) or any(not first <= time <= last for time in times):
        raise ValueError(f"found questions of {times[0]} to {times[-1]}, expected {first} to {last} in order")
    most = max((sum(one.is_accepted for one in item.answers) for item in told.items), default=0)
    if most > 1:
        raise ValueError(f"found {most} accepted answers of a question, expected one at most")
    return told


def read_tag_totals(tags: Collection[str], body: bytes) -> TagTotals:
    """Return the totals of those tags that are known; raises Unanswered where none of them is."""
    told = read_json(TagTotals, body)
    names = [item.name for item in told.items]
    if not set(names) <= set(tags) or len(set(names)) < len(names):
        raise ValueError(f"found {', '.join(names)}, expected each at most once of {', '.join(tags)}")
    if not names:
        raise Unanswered("found no tags")
    return told


def read_synonyms(tags: Collection[str], today: date, body: bytes) -> TagSynonyms:
    """Return the synonyms of the tags asked for; none is an answer."""
    told = read_json(TagSynonyms, body)
    for item in told.items:
        created_on = datetime.fromtimestamp(item.creation_date, UTC).date()
        require_possible_day("stackoverflow", "a synonym", created_on, today)
    if others := {item.to_tag for item in told.items} - set(tags):
        raise ValueError(
            f"found synonyms of {', '.join(sorted(others))}, expected those of {', '.join(tags)}"
        )
    return told


def read_question_total(body: bytes) -> QuestionTotal:
    """Return the number of questions; zero is an answer, and null raises Unanswered."""
    told = read_json(QuestionTotal, body)
    if told.total is None:
        raise Unanswered("found null, expected a number of questions")
    return told


def read_wrapper(body: bytes) -> Wrapper:
    """Return what the service says of itself in any answer, a refusal too; nothing if it cannot be read."""
    try:
        return read_json(Wrapper, body)
    except ValueError:
        return Wrapper()


def read_wait(body: bytes) -> float | None:
    """Return the seconds after which the service answers again; None where it does not say."""
    found = AVAILABLE_IN.search(read_wrapper(body).error_message or "")
    return float(found[1]) if found else None
