"""Google Trends: interest in each subject's search term, all terms in one question, through pytrends.

Values of one answer share one scale and mean nothing beside those of another, so every answer is kept
whole, and each is a draw of a sample, so every window is asked for again in each run. Cost: a request for
the session and two for each window. Nothing is promised by Google; about one request a second is borne.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pytrends.request import TrendReq

from flows.http import Client
from flows.questions import EACH_TIME, Question
from flows.services import Service
from flows.session import Pace
from flows.shapes.google_trends import read_timeline, read_widgets
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import UnexpectedAnswer
from warehouse.settings import Settings

# The longest window there is, months since 2004, and a recent one, which Google answers by day.
TIMEFRAMES = ("all", "today 3-m")


class ArchivedTrends(TrendReq):  # type: ignore[misc]  # pytrends has no types
    """pytrends, asking through our client, so that the answer is archived before it is parsed away.

    pytrends keeps what it is good at: the questions, the tokens and the reading of the answers. Its own
    retries, which fail with urllib3 2, and its following of redirects are never reached.
    """

    def __init__(self, client: Client, terms: Sequence[str]) -> None:
        self._client = client
        self._terms = terms
        self._key = ",".join(terms)
        super().__init__(hl="en-US", tz=0)

    def ask(self, timeframe: str) -> None:
        """Ask for the interest in all terms over one window, in the words of pytrends.

        Raises UnexpectedAnswer for an empty answer, which never means that nobody searched.
        """
        self._key = f"{timeframe} {','.join(self._terms)}"
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
            parse = partial(read_timeline, self._terms)
            answer = self._client.ask("interest_over_time", self._key, url, parse=parse, **options)
            if answer.page.problem:  # there is no other question to go on with
                raise UnexpectedAnswer(answer.page.problem)
            return answer.data
        return self._client.consult(self._key, url, parse=partial(read_widgets, self._terms), **options)

    def _url(self, path: str) -> str:
        return self._client.settings.urls["GOOGLE_TRENDS_URL"] + path


def services(settings: Settings) -> tuple[Service]:
    """Return Google's; nothing is promised by it."""
    return (Service("google_trends", pace=Pace(per_second=1)),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question: the interest in all terms together, in every window."""
    terms = [term for subject in subjects for term in subject.identifiers("google_trends")]
    if terms:
        key, ask = f"{TIMEFRAMES[0]} {','.join(terms)}", partial(_ask_windows, terms)
        yield Question("interest_over_time", key, ask, EACH_TIME, requests=1 + 2 * len(TIMEFRAMES))


def _ask_windows(terms: Sequence[str], client: Client) -> None:
    """Ask for the interest in all terms: by month since 2004, and by day of the last three months.

    A window that fails ends the attempt; what an earlier one answered is kept.
    """
    trends = ArchivedTrends(client, terms)
    for timeframe in TIMEFRAMES:
        trends.ask(timeframe)
