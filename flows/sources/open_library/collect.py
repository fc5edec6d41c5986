"""Open Library: how many books were first published in each year whose title names a word.

Cost: one request a word and year at first; then the newest years each quarter, and older ones once a year.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Literal

from pydantic import Field

from flows.client.answer_model import Count, Shape, read_json
from flows.client.client import Client
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service
from flows.client.session import Pace
from warehouse.archive.write import LastAnswer, LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

QUARTER, YEAR = 91, 364
NEWEST_YEARS = 3
# Of these it tells the titles; the number is of all.
BOOKS_TOLD = 100
FIELDS = "key,title,subtitle,first_publish_year,language"


class Book(Shape):
    """A book in any of its editions; one without a year is of no year that was asked for."""

    key: str
    title: str
    first_publish_year: int


class Found(Shape):
    """How many books there are, and the first of them."""

    number: Count = Field(alias="numFound")
    is_exact: Literal[True] = Field(alias="numFoundExact")
    start: Literal[0]
    docs: tuple[Book, ...]


def services(settings: Settings) -> tuple[Service]:
    """Return its one host, which allows three requests a second to who can be reached."""
    return (Service("open_library", pace=Pace(per_second=1), read_seconds=60.0),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each word's years since its subject's first release, the newest first."""
    today = settings.clock().date()
    for word, first_year in _words(subjects).items():
        for year in range(today.year, first_year - 1, -1):
            key = f"{word} {year}"
            every_days = _every_days(year, today.year, known.get(("year_books", key)))
            yield Question("year_books", key, partial(_ask, word, year, key), every_days)


def read_books(word: str, year: int, body: bytes) -> Found:
    """Return how many books there are of a word and year; raises ValueError for those of something else."""
    found = read_json(Found, body)
    if len(found.docs) != min(found.number, BOOKS_TOLD):
        raise ValueError(f"found {len(found.docs)} books, expected {BOOKS_TOLD} of {found.number} or all")
    for book in found.docs:
        if book.first_publish_year != year:
            raise ValueError(f"found a book of {book.first_publish_year}, expected those of {year}")
    # A title of another edition may be what names it; but not of every book.
    if found.docs and not any(word.lower() in book.title.lower() for book in found.docs):
        raise ValueError(f"found {found.docs[0].title!r} and others, expected titles that name {word!r}")
    return found


def _words(subjects: Sequence[Subject]) -> dict[str, int]:
    """Return each word and the first year to ask for."""
    words: dict[str, int] = {}
    earliest = catalog()["open_library"].bounds.first_day
    for subject in subjects:
        first_year = max(earliest, subject.first_release_on or earliest).year
        for word in subject.identifiers("open_library"):
            words[word] = min(first_year, words.get(word, first_year))
    return words


def _every_days(year: int, this_year: int, last: LastAnswer | None) -> int:
    """Return the rhythm: at once when a year has just ended, which its last answer told as running."""
    if last and last.read_at.year == year < this_year:
        return EACH_TIME
    return QUARTER if year > this_year - NEWEST_YEARS else YEAR


def _ask(word: str, year: int, key: str, client: Client) -> None:
    """Ask for a year's books.

    Source: https://openlibrary.org/dev/docs/api/search
    """
    params = {
        "q": f'title:"{word}" AND first_publish_year:{year}',
        "fields": FIELDS,
        "limit": str(BOOKS_TOLD),
    }
    url = client.settings.urls["OPEN_LIBRARY_URL"] + "/search.json"
    client.ask("year_books", key, url, parse=partial(read_books, word, year), params=params)
