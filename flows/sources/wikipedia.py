"""Wikipedia: readers' views of each subject's article, by day, from Wikimedia's REST interface.

Views under a redirect or a former title are counted apart and not asked for. Cost: one request an
article. No key and no fixed limit; one request after the other is what Wikimedia asks for.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote

from flows.http import Client
from flows.session import Pace
from flows.shapes.wikipedia import read_days
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject

PACE = Pace(per_second=1)

PATH = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user"
FIRST_DAY = date(2015, 7, 1)

# Views found out to be a machine's are taken from past days: the last weeks are always read again, and now
# and then all days (in 2025 half a year was mended at once).
MENDED_DAYS = timedelta(days=60)
REREAD_AFTER = timedelta(days=28)


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask nothing: the past is told as well tomorrow as today."""


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask for each article's days up to yesterday: the last 60, and all since July 2015 when they are due.

    The newest day told is yesterday or the day before. An article that is not there is refused with 404.
    Source: https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/reference/page-views.html
    """
    now = client.settings.clock()
    for article in (article for subject in subjects for article in subject.identifiers("wikipedia")):
        read_at = known.get(("pageview_days", _key(article, FIRST_DAY)))
        is_due = read_at is None or now - read_at >= REREAD_AFTER
        first_day = FIRST_DAY if is_due else now.date() - MENDED_DAYS
        _ask_days(client, article, first_day, now.date() - timedelta(days=1))


def _ask_days(client: Client, article: str, first_day: date, last_day: date) -> None:
    path = f"{PATH}/{quote(article, safe='')}/daily/{first_day:%Y%m%d}/{last_day:%Y%m%d}"
    url = client.settings.urls["WIKIMEDIA_URL"] + path
    parse = partial(read_days, article, first_day, last_day)
    client.ask("pageview_days", _key(article, first_day), url, parse=parse)


def _key(article: str, first_day: date) -> str:
    return f"{article} {first_day}"
