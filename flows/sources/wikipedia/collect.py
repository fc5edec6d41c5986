"""Wikipedia: readers' views of each subject's article, by day, from Wikimedia's REST interface.

Views under a redirect or a former title are counted apart, and asked for where the configuration names it.
Cost: one request an article, one after the other, of many one a week; and one in four weeks for a title that
has long ceased to count. No key; how much is answered depends on whether somebody can be reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote
from zlib import crc32

from flows.client.client import Client
from flows.client.request import Question, whole_or_recent
from flows.client.service import Service
from flows.client.session import Pace
from flows.sources.wikipedia.answers import read_days
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

PATH = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user"
FIRST_DAY = date(2015, 7, 1)

# Views found out to be a machine's are taken from past days: the last weeks are always read again, and now
# and then all days (in 2025 half a year was mended at once).
MENDED_DAYS = timedelta(days=60)
REREAD_DAYS = 28
# Of many articles each is asked about weekly, and for all of its days half as often.
TURN_DAYS, REREAD_IN_TURNS = 7, 56


def services(settings: Settings) -> tuple[Service]:
    """Return Wikimedia's, at a pace a little below its limit."""
    pace = Pace(per_second=3, per_minute=180) if settings.contact else Pace(per_second=1, per_minute=9)
    return (Service("wikipedia", pace=pace),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each article's days up to yesterday: all since July 2015 now and then, else the last 60.

    Of many articles each has its turn once a week, on a day of its own, which begins another window. Of a
    title that ceased to count before those 60, none is worth asking for but with all the others.
    """
    now, articles = settings.clock(), _articles(subjects)
    present = set(_articles(subjects, since=now.date() - MENDED_DAYS))
    takes_turns = catalog()["wikipedia"].takes_turns(articles)
    every_days, whole_every = (TURN_DAYS, REREAD_IN_TURNS) if takes_turns else (1, REREAD_DAYS)
    for article in articles:
        whole = _days(article, FIRST_DAY, now.date(), whole_every)
        since_turn = timedelta(days=(now.toordinal() + crc32(article.encode())) % every_days)
        recent = _days(article, now.date() - since_turn - MENDED_DAYS, now.date())
        recent = replace(recent, settled_on=now.date() - since_turn)
        if article not in present:
            yield whole
        elif question := whole_or_recent(whole, recent, known, now):
            yield question


def _days(article: str, first_day: date, today: date, every_days: int = 1) -> Question:
    ask = partial(_ask_days, article, first_day, today - timedelta(days=1))
    return Question("pageview_days", _key(article, first_day), ask, every_days)


def _ask_days(article: str, first_day: date, last_day: date, client: Client) -> None:
    """Ask for the days of an article; the newest told is yesterday or the day before, no article is a 404.

    Source: https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/reference/page-views.html
    """
    path = f"{PATH}/{quote(article, safe='')}/daily/{first_day:%Y%m%d}/{last_day:%Y%m%d}"
    url = client.settings.urls["WIKIMEDIA_URL"] + path
    parse = partial(read_days, article, first_day, last_day)
    client.ask("pageview_days", _key(article, first_day), url, parse=parse)


def _key(article: str, first_day: date) -> str:
    return f"{article} {first_day}"


def _articles(subjects: Sequence[Subject], since: date | None = None) -> list[str]:
    """Return every article once, or those that count on a day or later."""
    titles = (title for subject in subjects for title in subject.dated_identifiers("wikipedia"))
    counting = (t for t in titles if not (since and t.valid_until and t.valid_until < since))
    return list(dict.fromkeys(title.name for title in counting))
