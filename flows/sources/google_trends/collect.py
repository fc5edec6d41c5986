"""Google Trends: interest in each subject's search term, the first five in one question, through pytrends.

Google compares no more. Groups joined by a common term were left alone: they take the ratio of two answers,
which rounding to whole numbers and sampling make uncertain, most of all where the common term is far larger.
Values of one answer share one scale and mean nothing beside those of another, so every answer is kept
whole, and each is a draw of a sample, so every window is asked for again in each run. Cost: a request for
the session and two for each window. Nothing is promised by Google; about one request a second is borne.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pytrends.request import TrendReq

from flows.client.client import Client
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service
from flows.client.session import Pace
from flows.sources.google_trends.answers import Asked, Window, read_timeline, read_widgets
from flows.sources.google_trends.identify import MOST_TERMS, remark
from warehouse.archive.write import LastAnswers
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import NotAsked, UnexpectedAnswer

# The longest window there is, months since 2004, and a recent one, which Google answers by day.
TIMEFRAMES: Mapping[str, str] = {"all": "MONTH", "today 3-m": "DAY"}
FIRST_DAY = date(2004, 1, 1)
# Three months are 89 to 92 days.
THREE_MONTHS, MONTHS_DIFFER_DAYS = timedelta(days=91), 3


def windows(today: date) -> Mapping[str, Window]:
    """Return which days each of the windows spans today."""
    return {
        "all": Window(FIRST_DAY, today, TIMEFRAMES["all"]),
        "today 3-m": Window(today - THREE_MONTHS, today, TIMEFRAMES["today 3-m"], MONTHS_DIFFER_DAYS),
    }


class ArchivedTrends(TrendReq):  # type: ignore[misc]  # pytrends has no types
    """pytrends, asking through our client, so that the answer is archived before it is parsed away.

    pytrends keeps what it is good at: the questions and the tokens. Its own retries, which fail with
    urllib3 2, and its following of redirects are never reached.
    """

    def __init__(self, client: Client, terms: Sequence[str]) -> None:
        self._client = client
        self._terms = terms
        self._key = ",".join(terms)
        super().__init__(hl="en-US", tz=0)

    def ask(self, timeframe: str, window: Window) -> None:
        """Ask for the interest in all terms over one window, in the words of pytrends and by its days.

        Raises UnexpectedAnswer for an answer to another question, and for an empty one, which never means
        that nobody searched.
        """
        self._key = f"{timeframe} {','.join(self._terms)}"
        self._asked = Asked(tuple(self._terms), window, self._client.settings.clock())
        self.build_payload(self._terms, timeframe=timeframe)
        self.interest_over_time()

    def GetGoogleCookie(self) -> dict[str, str]:  # noqa: N802  # pytrends' name
        """Fetch the session's cookie, which the client keeps; it comes with whatever status."""
        self._client.greet(self._key, self._url("/trends/explore/"), params={"geo": "US"})
        return {}

    def _get_data(self, url: str, method: str = "get", trim_chars: int = 0, **options: Any) -> Any:
        url = self._url(urlsplit(url).path)
        options = {"method": method.upper(), **options}
        if url.endswith("/multiline"):
            parse = partial(read_timeline, self._asked)
            answer = self._client.ask("interest_over_time", self._key, url, parse=parse, **options)
            if answer.page.problem:  # there is no other question to go on with
                raise UnexpectedAnswer(answer.page.problem)
            # Of points pytrends would make a table, which takes longer than all else and which nobody reads.
            return {"default": {"timelineData": []}}
        return self._client.consult(self._key, url, parse=partial(read_widgets, self._asked), **options)

    def _url(self, path: str) -> str:
        return self._client.settings.urls["GOOGLE_TRENDS_URL"] + path


def services(settings: Settings) -> tuple[Service]:
    """Return Google's; nothing is promised by it."""
    return (Service("google_trends", pace=Pace(per_second=1)),)


def terms_of(subjects: Sequence[Subject]) -> list[str]:
    """Return the search terms that are compared."""
    return [term for subject in subjects for term in subject.identifiers("google_trends")]


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question: the interest in the terms together, in every window.

    Of more terms than Google compares the first are asked about, and the attempt tells which are not.
    """
    if terms := terms_of(subjects):
        key, requests = f"all {','.join(terms[:MOST_TERMS])}", 1 + 2 * len(TIMEFRAMES)
        yield Question("interest_over_time", key, partial(_ask_windows, terms), EACH_TIME, requests=requests)


def _ask_windows(terms: Sequence[str], client: Client) -> None:
    """Ask for the interest in the first terms: by month since 2004, and by day of the last three months.

    A window that fails ends the attempt; what an earlier one answered is kept. Raises NotAsked, once the
    first are answered, where there are others.
    """
    trends = ArchivedTrends(client, terms[:MOST_TERMS])
    for timeframe, window in windows(client.settings.clock().date()).items():
        trends.ask(timeframe, window)
    if why := remark(terms):
        raise NotAsked(f"google_trends: {why}")
