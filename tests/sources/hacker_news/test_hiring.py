"""Hacker News' hiring posts: what is believed of them, and which figures come of it."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from flows.sources.hacker_news.hiring import HIRING, SUMMED, read_hiring_posts
from tests.made import configuration

TODAY = date(2012, 3, 10)
NOW = datetime(2012, 3, 10, 6, tzinfo=UTC)


def row(month, naming, posts, threads=0, known=2, loaded=None):
    counts = dict(zip(SUMMED, (naming, posts, threads, posts if loaded is None else loaded), strict=True))
    return {"month": month, **counts, "threads_known": known, "newest_id": 1000}


def answer(*rows, **changes):
    totals = {name: sum(one[name] for one in rows) for name in SUMMED}
    known = max((one["threads_known"] for one in rows), default=0)
    whole = {"threads_known": known, "newest_id": 1000}
    return {"data": rows, "totals": totals | whole, "rows": len(rows)} | changes


OTHERS = row("1970-01-01", 0, 0, threads=2, known=0, loaded=930)
JANUARY, MARCH = row("2012-01-01", 3, 40), row("2012-03-01", 0, 20)
WHOLE = answer(OTHERS, JANUARY, MARCH)


def read(body):
    return read_hiring_posts(TODAY, 0.95, 900, json.dumps(body).encode())


def test_a_whole_answer_is_read():
    """Also one of a word that no post names, and of a month without a thread."""
    assert [one.posts for one in read(WHOLE).data] == [0, 40, 20]
    assert read(answer(OTHERS, JANUARY | {"naming": 0}, MARCH)).totals.naming == 0


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            WHOLE | {"data": WHOLE["data"][:2], "rows": 2},
            "found months of 40 posts, expected the total of 60",
        ),
        (WHOLE | {"rows": 4}, "found 3 rows, expected the 4"),
        (
            answer(OTHERS | {"threads_read": 3}, JANUARY, MARCH),
            "found posts of 2 threads, expected those of 3",
        ),
        (answer(OTHERS | {"loaded": 800}, JANUARY, MARCH), "found 860 items read, expected each once"),
        (answer(OTHERS | {"loaded": 941}, JANUARY, MARCH), "found 1001 items read, expected each once"),
        (answer(OTHERS | {"loaded": 990, "threads_read": 0}), "found 1 rows"),
        (answer(), "found 0 items read|found 0 rows"),
        (answer(JANUARY | {"loaded": 960, "threads_read": 2}, MARCH), "first what is no post"),
        (answer(OTHERS, MARCH, JANUARY), "found months out of order"),
        (answer(OTHERS, JANUARY | {"naming": 41}, MARCH), "found 41 of 40 posts"),
        (
            answer(OTHERS, JANUARY | {"month": "2007-01-01"}, MARCH),
            "found posts of 2007-01-01, expected none before",
        ),
        (
            answer(OTHERS, JANUARY, MARCH | {"month": "2012-05-01"}),
            "found posts of 2012-05-01, expected none",
        ),
    ],
)
def test_a_part_is_no_answer(body, found):
    """Rows that are missing or out of order, items and threads that were not read, and months to come."""
    with pytest.raises(ValueError, match=found):
        read(body)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            b'{"data": [\nCode: 159. DB::Exception: Timeout exceeded',
            r"found Code: 159\. DB::Exception: Timeout",
        ),
        (b"<html>busy</html>", "Expecting value"),
    ],
)
def test_another_thing_is_no_answer(body, found):
    """An error within a 200, and a page for people."""
    with pytest.raises(ValueError, match=found):
        read_hiring_posts(TODAY, 0.95, 900, body)


def test_hiring_posts_are_told_by_month_and_per_1000(warehouse, told):
    """The newest thread's as partial, a month without one not at all; mentions stay as told before."""
    changed = answer(OTHERS, JANUARY | {"naming": 2}, MARCH)
    mentions = {"month": "2012-02-01", "stories": 1, "comments": 2, "items": 1000}
    house = warehouse(configuration(one={"hacker_news": "torch"}, two={"hacker_news": "jax"}), now=NOW)
    tell = partial(told, "hacker_news", "hiring_months")
    house.tell(
        told("hacker_news", "mention_months", "torch", {"data": [mentions]}, NOW - timedelta(days=9)),
        tell("torch", WHOLE, NOW - timedelta(days=1)),
        tell("jax", answer(OTHERS, JANUARY | {"sample": "made up"}, MARCH), NOW),
        tell("torch", changed, NOW),
    )
    house.build()

    rows = house.rows(
        "select metric_id, period_start, period_end, value, state from observations "
        "where subject_id = 'one' and metric_id like '%hiring%' order by all"
    )
    assert rows == [
        (metric_id, date(2012, number, 1), date(2012, number, 31), value, state)
        for metric_id, times in (("hacker_news_hiring_posts", 1), ("hacker_news_hiring_posts_per_1000", 25))
        for number, value, state in ((1, 2 * times, "ok"), (3, 0, "partial"))
    ]
    states = "select period_start, state from observations where subject_id = 'two' order by all"
    assert set(house.rows(states)) == {(date(2012, 1, 1), "sample"), (date(2012, 3, 1), "partial")}
    assert house.rows("select value from observations where metric_id = 'hacker_news_mentions'") == [(3,)]
    assert house.rows("select metric_id, old_value, new_value, changed_at from revisions order by 1") == [
        ("hacker_news_hiring_posts", 3, 2, NOW),
        ("hacker_news_hiring_posts_per_1000", 75, 50, NOW),
    ]


# Items: type, who wrote it, when, text, deleted, under which item, title.
ITEMS = (
    ("story", "whoishiring", "2012-01-03", "", 0, 0, "Ask HN: Who is Hiring? (January 2012)"),
    ("comment", "a", "2012-01-03", "We use <i>Torch</i>.", 0, 1, ""),
    # In another month than its thread; a part of a word.
    ("comment", "b", "2012-02-02", "torchvision", 0, 1, ""),
    # A reply, and one that is deleted.
    ("comment", "c", "2012-01-04", "Why torch?", 0, 2, ""),
    ("comment", "d", "2012-01-04", "torch", 1, 1, ""),
    # Another thread of the account, and a thread of another one.
    ("story", "whoishiring", "2012-01-03", "", 0, 0, "Ask HN: Who wants to be hired? (January 2012)"),
    ("comment", "e", "2012-01-04", "I know torch", 0, 6, ""),
    ("story", "f", "2012-01-03", "", 0, 0, "Who is hiring?"),
    ("comment", "g", "2012-01-04", "torch", 0, 8, ""),
    ("story", "whoishiring", "2012-03-01", "", 0, 0, "Ask HN: Who is hiring? (March 2012)"),
    ("comment", "h", "2012-03-02", "pytorch or torch", 0, 10, ""),
)


@pytest.mark.parametrize("seconds", ["DateTime", "UInt32"])
def test_the_real_engine_tells_posts_right_under_the_threads(tmp_path, seconds):
    """By their thread's month, whichever type the moment has, and all items are read."""
    session = pytest.importorskip("chdb.session", reason="chdb is not installed")
    with session.Session(str(tmp_path)) as clickhouse:
        clickhouse.query("create database hackernews")
        clickhouse.query(
            "create table hackernews.hackernews (id UInt32, deleted UInt8, type Enum8('story' = 1, "
            f"'comment' = 2), `by` LowCardinality(String), time {seconds}, text String, dead UInt8, "
            "parent UInt32, title String) engine = MergeTree order by id"
        )
        for number, (kind, author, day, text, deleted, parent, title) in enumerate(ITEMS, start=1):
            values = f"{number}, {deleted}, '{kind}', '{author}', toUnixTimestamp('{day} 12:00:00', 'UTC')"
            clickhouse.query(
                f"insert into hackernews.hackernews values ({values}, '{text}', 0, {parent}, '{title}')"
            )
        sent = {"word": "torch", "row_limit": "10"}
        body = clickhouse.query(HIRING, "JSON", params=sent).bytes()

    told = read_hiring_posts(TODAY, 0.95, 900, body)
    assert [(str(one.month), one.naming, one.posts) for one in told.data] == [
        ("1970-01-01", 0, 0),
        ("2012-01-01", 1, 2),
        ("2012-03-01", 1, 1),
    ]
    assert (told.totals.threads_read, told.totals.loaded) == (2, len(ITEMS))
