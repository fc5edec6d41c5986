"""Hacker News: how many posts under the threads "Who is hiring?" name a word, and how many there are.

One question for all months of a word, and what its answer must be to be believed.
"""

from datetime import date
from typing import Self

from pydantic import model_validator

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Shape, WrittenCount
from flows.client.clickhouse import read_rows, require_whole
from warehouse.config.catalog import catalog

# - A post is a comment right under a thread, a thread a story of the account that opens them; another of its
#   threads asks who wants to be hired. Posts are of their thread's month, wherever in it they were written.
# - What is no post stands under the day before all months, so that the rows tell all items that were read:
#   as in MENTIONS, so many as the newest one's number.
# - Threads are read twice, to be counted and to be known; where one was cut the two differ.
HIRING = """
SELECT
    ifNull(threads.opened_in, toDate(0)) AS month,
    countIf(month > toDate(0) AND is_shown AND is_named) AS naming,
    countIf(month > toDate(0) AND is_shown) AS posts,
    countIf(is_thread) AS threads_read,
    max(threads.known) AS threads_known,
    count() AS loaded,
    max(items.id) AS newest_id
FROM (
    SELECT
        id,
        if(type = 'comment', parent, 0) AS above,
        type = 'story' AND `by` = 'whoishiring' AND ifNull(match(title, '(?i)hiring'), 0) AS is_thread,
        ifNull(deleted, 0) = 0 AND ifNull(dead, 0) = 0 AS is_shown,
        concat('(?i)(^|[^a-z0-9_])', regexpQuoteMeta({word:String}), '($|[^a-z0-9_])') AS word,
        ifNull(match(text, word), 0) AS is_named
    FROM hackernews.hackernews
) AS items
LEFT JOIN (
    SELECT id, toStartOfMonth(toDateTime(time, 'UTC')) AS opened_in, count() OVER () AS known
    FROM hackernews.hackernews
    WHERE type = 'story' AND `by` = 'whoishiring' AND match(title, '(?i)hiring')
) AS threads ON items.above = threads.id
GROUP BY month WITH TOTALS
ORDER BY month
LIMIT {row_limit:UInt32}
"""
# Under which stands what is no post.
OTHERS = date(1970, 1, 1)
SUMMED = ("naming", "posts", "threads_read", "loaded")


class Counts(Shape):
    """The posts that name the word, all posts, and what was read to count them."""

    naming: WrittenCount
    posts: WrittenCount
    threads_read: WrittenCount
    threads_known: WrittenCount
    loaded: WrittenCount
    newest_id: WrittenCount

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.naming > self.posts:
            raise ValueError(f"found {self.naming} of {self.posts} posts, expected no more than all")
        return self


class Month(Counts):
    """Those of one month's threads."""

    month: date


class HiringPosts(Shape):
    """What is no post, the months of a word, the oldest first, and what they sum to."""

    data: tuple[Month, ...]
    rows: WrittenCount
    totals: Counts

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_whole(self, SUMMED, "months")
        if self.totals.threads_read != self.totals.threads_known:
            known = self.totals.threads_known
            raise ValueError(f"found posts of {known} threads, expected those of {self.totals.threads_read}")
        return self


def read_hiring_posts(today: date, whole_share: float, row_limit: int, body: bytes) -> HiringPosts:
    """Return a word's hiring posts; nobody has to name it, but there are posts.

    As many items were read as the newest one's number says, but for a share, and not more.
    """
    told = read_rows(HiringPosts, body)
    read, newest = told.totals.loaded, told.totals.newest_id
    if not whole_share * newest <= read <= newest:
        raise ValueError(f"found {read} items read, expected each once of those up to number {newest}")
    months = [one.month for one in told.data]
    if not 1 < told.rows < row_limit or months[0] != OTHERS:
        raise ValueError(f"found {told.rows} rows, expected fewer than {row_limit}, first what is no post")
    if months != sorted(set(months)):
        raise ValueError("found months out of order, expected each once and the oldest first")
    first = catalog()["hacker_news"].bounds.first_day
    if months[1] < first:
        raise ValueError(f"found posts of {months[1]}, expected none before {first}")
    require_possible_day("hacker_news", "posts", months[-1], today)
    return told
