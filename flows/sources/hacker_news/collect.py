"""Hacker News: how many stories, comments and hiring posts of each month name a word, and of how many.

Asked at the public ClickHouse copy. Cost: two requests a word and week, which tell all months.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Self

from pydantic import model_validator

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Shape, WrittenCount
from flows.client.clickhouse import parameters, read_rows, require_each_month, require_whole
from flows.client.client import Client, Parse
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import Pace, Quota
from flows.sources.hacker_news.hiring import HIRING, read_hiring_posts
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# - Every item has a row, whatever became of it, and items are numbered one by one: so many rows as the newest
#   one's number were read, or the answer is of a part. More rows are items that were loaded twice.
# - The totals are of all months: rows that sum to less were cut.
# - `time` is a moment or its seconds since 1970, by the version of the table.
MENTIONS = """
SELECT
    toStartOfMonth(toDateTime(time, 'UTC')) AS month,
    countIf(is_shown AND type = 'story' AND is_named) AS stories,
    countIf(is_shown AND type = 'comment' AND is_named) AS comments,
    countIf(is_shown AND type IN ('story', 'comment')) AS items,
    count() AS loaded,
    max(id) AS newest_id
FROM (
    SELECT
        id,
        type,
        time,
        ifNull(deleted, 0) = 0 AND ifNull(dead, 0) = 0 AS is_shown,
        concat('(?i)(^|[^a-z0-9_])', regexpQuoteMeta({word:String}), '($|[^a-z0-9_])') AS word,
        ifNull(match(title, word), 0) OR ifNull(match(text, word), 0) AS is_named
    FROM hackernews.hackernews
)
WHERE month >= {first_month:Date}
GROUP BY month WITH TOTALS
ORDER BY month
LIMIT {row_limit:UInt32}
"""
# Below the thousand rows that the service returns at most, and far above the months there are.
ROW_LIMIT = 900
WHOLE_SHARE = 0.95
# Longer than the 60 s that the service gives a query: who gives up earlier asks again, and is charged again.
QUERY_SECONDS = 90.0
EVERY_DAYS = 7


class Counts(Shape):
    """The mentions in stories and comments, the items that are shown, and what was read to count them."""

    stories: WrittenCount
    comments: WrittenCount
    items: WrittenCount
    loaded: WrittenCount
    newest_id: WrittenCount


class Month(Counts):
    """Those of one month."""

    month: date


class Mentions(Shape):
    """The months of a word, the oldest first, and what they sum to."""

    data: tuple[Month, ...]
    rows: WrittenCount
    totals: Counts

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_whole(self, ("stories", "comments", "items", "loaded"), "months")
        read, newest = self.totals.loaded, self.totals.newest_id
        if not WHOLE_SHARE * newest <= read <= newest:
            raise ValueError(f"found {read} items read, expected each once of those up to number {newest}")
        return self


def services(settings: Settings) -> tuple[Service]:
    """Return the public ClickHouse copy, whose limits are those of its user "demo"."""
    pace, quota = Pace(per_second=1), Quota(60, 3600)
    return (Service("hacker_news", pace=pace, quota=quota, read_seconds=QUERY_SECONDS),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield two questions a word: past months change too, when items are deleted."""
    words = dict.fromkeys(word for subject in subjects for word in subject.identifiers("hacker_news"))
    for word in words:
        yield Question("mention_months", word, partial(_ask_mentions, word), EVERY_DAYS)
        yield Question("hiring_months", word, partial(_ask_hiring_posts, word), EVERY_DAYS)


def read_mentions(today: date, body: bytes) -> Mentions:
    """Return a word's months; raises Unanswered for one that nobody ever wrote."""
    told = read_rows(Mentions, body)
    require_each_month((found.month for found in told.data), catalog()["hacker_news"].bounds.first_day)
    if not told.data or told.rows >= ROW_LIMIT:
        raise ValueError(f"found {told.rows} months, expected fewer than {ROW_LIMIT} and more than none")
    require_possible_day("hacker_news", "items", told.data[-1].month, today)
    if not told.totals.stories + told.totals.comments:
        raise Unanswered("found no mentions")
    return told


def _ask_mentions(word: str, client: Client) -> None:
    """Ask for all months of a word."""
    first_month = catalog()["hacker_news"].bounds.first_day.isoformat()
    parse = partial(read_mentions, client.settings.clock().date())
    _ask("mention_months", word, MENTIONS, parse, client, first_month=first_month)


def _ask_hiring_posts(word: str, client: Client) -> None:
    """Ask for all months of the hiring posts that name a word."""
    parse = partial(read_hiring_posts, client.settings.clock().date(), WHOLE_SHARE, ROW_LIMIT)
    _ask("hiring_months", word, HIRING, parse, client)


def _ask(endpoint: str, word: str, query: str, parse: Parse, client: Client, **values: str) -> None:
    """Send a query by GET, which may only read. Source: https://clickhouse.com/docs/interfaces/http"""
    user = str(client.settings.credential("HACKER_NEWS_USER"))
    params = parameters(user, word=word, row_limit=str(ROW_LIMIT), **values)
    url = client.settings.urls["HACKER_NEWS_URL"] + "/"
    client.ask(endpoint, word, url, parse=parse, params={**params, "query": query})
