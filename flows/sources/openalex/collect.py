"""OpenAlex: how many scholarly works of each year name a word, and how many there are with an abstract.

Cost: one request a word and four weeks, and one for all works. A day's budget that is used up is no failure.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from flows.client.answer_model import Count, Shape, WrittenNumber, read_json
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.service import Service, declared_quota
from flows.client.session import Pace
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import LimitReached, UsedUp

ENDPOINT = "years"
# The key of all works; no word is written so.
ALL_WORKS = "*"
EVERY_DAYS = 28
# More groups than there are years asked for, and as many as a page has at most.
GROUPS = 200
KEY = "OPENALEX_API_KEY"


class Year(Shape):
    """The works of one year."""

    key: WrittenNumber
    count: Annotated[Count, Field(gt=0)]


class Meta(Shape):
    """How many works there are in all years asked for; how many years have any is told by some versions."""

    count: Count
    groups_count: Count | None = None


class Years(Shape):
    """The years that have any works, in no order, and what they sum to."""

    meta: Meta
    group_by: tuple[Year, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        years = [one.key for one in self.group_by]
        if len(set(years)) < len(years):
            raise ValueError(f"found {len(years)} years with one told twice, expected each once")
        if self.meta.groups_count not in (None, len(years)):
            raise ValueError(f"found {len(years)} years, expected the {self.meta.groups_count} told of")
        told = sum(one.count for one in self.group_by)
        if told != self.meta.count:
            raise ValueError(f"found years of {told} works, expected the {self.meta.count} told of")
        return self


def services(settings: Settings) -> tuple[Service]:
    """Return its interface, which counts what is asked against a day's budget."""
    quota = declared_quota("openalex", settings)
    return (Service("openalex", pace=Pace(per_second=1), quota=quota),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question a word, and one for all works: past years go on growing."""
    words = dict.fromkeys(word for subject in subjects for word in subject.identifiers("openalex"))
    for word in (*words, ALL_WORKS) if words else ():
        yield Question(ENDPOINT, word, partial(_ask, word), EVERY_DAYS)


def read_years(first: date, today: date, body: bytes) -> Years:
    """Return the works by year; raises Unanswered where no year has any."""
    told = read_json(Years, body)
    for one in told.group_by:
        if not first.year <= one.key <= today.year:
            raise ValueError(f"found the year {one.key}, expected one of {first.year} to {today.year}")
    if not told.group_by:
        raise Unanswered("found no works")
    return told


def read_all_years(first: date, today: date, body: bytes) -> Years:
    """Return all works by year, of which each that is over has some."""
    told = read_years(first, today, body)
    if missing := {*range(first.year, today.year)} - {one.key for one in told.group_by}:
        raise ValueError(f"found no works of {min(missing)}, expected some of each year that is over")
    return told


def _ask(word: str, client: Client) -> None:
    """Ask for the years of a word, or of all works; raises UsedUp where nothing is left of the day.

    Source: https://developers.openalex.org/api-reference/works
    """
    first, today = catalog()["openalex"].bounds.first_day, client.settings.clock().date()
    named = [] if word == ALL_WORKS else [f"title_and_abstract.search:{_written(word)}"]
    filters = [*named, "has_abstract:true", f"publication_year:{first.year}-{today.year}"]
    params = {"filter": ",".join(filters), "group_by": "publication_year", "per_page": str(GROUPS)}
    if key := client.settings.credential(KEY):  # one that is empty is refused
        params["api_key"] = key
    parse = partial(read_all_years if word == ALL_WORKS else read_years, first, today)
    try:
        client.ask(
            ENDPOINT, word, client.settings.urls["OPENALEX_URL"] + "/works", parse=parse, params=params
        )
    except LimitReached as error:
        raise UsedUp(str(error)) from error


def _written(word: str) -> str:
    """Return a word as a search has it: several are a phrase."""
    return f'"{word}"' if {" ", "-"} & set(word) else word
