"""Hacker News: what the collector asks and believes, and which figures come of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.sources import load_source
from flows.sources.hacker_news.collect import MENTIONS, read_mentions
from warehouse.config.ecosystem import Subject

BOTH = """
question = "Which?"
[[subjects]]
id = "pytorch"
name = "PyTorch"
hacker_news = "pytorch"
[[subjects]]
id = "jax"
name = "JAX"
hacker_news = "jax"
"""
TODAY = date(2007, 4, 10)
NOW = datetime(2007, 4, 10, 6, tzinfo=UTC)


def month(number, stories, comments, items=1000, loaded=1100):
    counts = {"stories": stories, "comments": comments, "items": items, "loaded": loaded}
    return {"month": f"2007-{number:02}-01", **counts, "newest_id": (number - 1) * loaded}


def answer(*months, **changes):
    names = ("stories", "comments", "items", "loaded")
    totals = {name: sum(one[name] for one in months) for name in names}
    newest_id = max((one["newest_id"] for one in months), default=0)
    return {"data": months, "totals": {**totals, "newest_id": newest_id}, "rows": len(months)} | changes


WHOLE = answer(month(2, 0, 3), month(3, 2, 5), month(4, 0, 1))


def read(body):
    return read_mentions(TODAY, json.dumps(body).encode())


def test_the_stand_in_is_asked_and_believed(at_server):
    """Two questions a word, each told in one answer from the first month to the running one."""
    subjects = [Subject(id="pytorch", name="PyTorch", hacker_news="pytorch")]
    (service,) = load_source("hacker_news").services(at_server)
    questions = list(load_source("hacker_news").questions(subjects, at_server, {}))
    pages = []
    with Client(service, at_server, pages.append) as client:
        for question in questions:
            question.ask(client)

    asked = [(one.endpoint, one.key, one.every_days) for one in questions]
    assert asked == [("mention_months", "pytorch", 7), ("hiring_months", "pytorch", 7)]
    assert [page.problem for page in pages] == [None, None]
    mentions, posts = (json.loads(page.body) for page in pages)
    assert (mentions["data"][0]["month"], mentions["data"][-1]["month"]) == ("2007-02-01", "2025-08-01")
    assert mentions["sample"]
    assert (posts["data"][1]["month"], posts["data"][-1]["month"]) == ("2011-04-01", "2025-08-01")
    counted = [one for one in posts["data"][1:] if "sample" not in one]
    assert (counted[0]["month"], counted[-1]["month"], len(counted)) == ("2015-11-01", "2019-09-01", 47)
    assert (counted[-1]["naming"], counted[-1]["posts"]) == (3, 632)


def test_a_whole_answer_is_read():
    """Numbers as they are, or as text by the taste of the server."""
    quoted = json.loads(json.dumps(WHOLE).replace('"stories": 2', '"stories": "2"'))

    assert [one.comments for one in read(quoted).data] == [3, 5, 1]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (WHOLE | {"data": WHOLE["data"][:2], "rows": 2}, "found months of 2 stories|found months of 8 comm"),
        (WHOLE | {"rows": 4}, "found 3 rows, expected the 4"),
        (
            answer(month(2, 0, 3), month(4, 0, 1) | {"newest_id": 2200}),
            "found the month 2007-04-01, expected 2007-03-01",
        ),
        (answer(month(3, 0, 3)), "found 1100 items read, expected each once of those up to number 2200"),
        (answer(month(2, 0, 3) | {"newest_id": 900}), "found 1100 items read"),
        (answer(*(month(n, 1, 1) for n in range(2, 7))), "found items of 2007-06-01, expected none before"),
        (answer(), "found 0 months"),
    ],
)
def test_a_part_is_no_answer(body, found):
    """Rows or months that are missing, items that were not read or were read twice, and months to come."""
    with pytest.raises(ValueError, match=found):
        read(body)


def test_a_word_that_nobody_wrote_has_no_answer():
    """It is most likely misspelled."""
    with pytest.raises(Unanswered, match="found no mentions"):
        read(answer(month(2, 0, 0)))


def test_an_error_after_the_first_rows_is_told():
    """As ClickHouse tells it within a 200."""
    with pytest.raises(ValueError, match=r"found Code: 158\. DB::Exception: Limit"):
        read_mentions(TODAY, b'{"data": [\nCode: 158. DB::Exception: Limit for rows exceeded')


def test_mentions_are_told_by_month_and_per_10000_items(warehouse, told):
    """The running month as partial; a past one that changes is a revision."""
    changed = answer(month(2, 0, 3), month(3, 2, 4), month(4, 0, 1))
    house = warehouse(BOTH, now=NOW)
    house.tell(
        told("hacker_news", "mention_months", "pytorch", WHOLE, NOW - timedelta(days=1)),
        told("hacker_news", "mention_months", "jax", WHOLE | {"sample": "made up"}, NOW),
        told("hacker_news", "mention_months", "pytorch", changed, NOW),
    )
    house.build()

    assert house.rows(
        "select metric_id, period_start, period_end, value, state from observations "
        "where subject_id = 'pytorch' order by metric_id, period_start"
    ) == [
        (metric_id, date(2007, number, 1), date(2007, number, last), value * times, state)
        for metric_id, times in (("hacker_news_mentions", 1), ("hacker_news_mentions_per_10000", 10))
        for number, last, value, state in ((2, 28, 3, "ok"), (3, 31, 6, "ok"), (4, 30, 1, "partial"))
    ]
    assert house.rows("select distinct state from observations where subject_id = 'jax' order by 1") == [
        ("partial",),
        ("sample",),
    ]
    assert house.rows("select metric_id, old_value, new_value, changed_at from revisions order by 1") == [
        ("hacker_news_mentions", 7.0, 6.0, NOW),
        ("hacker_news_mentions_per_10000", 70.0, 60.0, NOW),
    ]
    assert house.rows("select check_id, severity from quality_checks where not passed") == []


# Of words and what stands around them: title, text, and whether `torch` is named.
ITEMS = (
    ("Torch, the game", "", True),
    ("", "use <i>TORCH</i>&#x27;s", True),
    ("", "torch.nn", True),
    ("", "torchvision, pytorch and torch_x", False),
    ("", "", False),
)


def test_words_are_matched_whole_by_the_real_engine(tmp_path):
    """What is deleted, dead or neither story nor comment is not counted."""
    session = pytest.importorskip("chdb.session", reason="chdb is not installed")
    with session.Session(str(tmp_path)) as clickhouse:
        clickhouse.query("create database hackernews")
        clickhouse.query(
            "create table hackernews.hackernews (id UInt32, deleted UInt8, type Enum8('story' = 1, "
            "'comment' = 2, 'job' = 5), time DateTime, text String, dead UInt8, title String) "
            "engine = MergeTree order by id"
        )
        rows = [
            (number, 0, "comment", text, 0, title) for number, (title, text, _) in enumerate(ITEMS, start=1)
        ]
        rows += [(6, 1, "comment", "torch", 0, ""), (7, 0, "comment", "torch", 1, "")]
        rows += [(8, 0, "job", "torch", 0, ""), (9, 0, "story", "", 0, "A torch")]
        for number, deleted, kind, text, dead, title in rows:
            clickhouse.query(
                "insert into hackernews.hackernews values "
                f"({number}, {deleted}, '{kind}', '2007-02-1{number} 12:00:00', '{text}', {dead}, '{title}')"
            )
        sent = {"word": "torch", "first_month": "2007-02-01", "row_limit": "10"}
        body = clickhouse.query(MENTIONS, "JSON", params=sent).bytes()

    (told_month,) = read_mentions(TODAY, body).data
    assert told_month.comments == sum(named for *_, named in ITEMS)
    assert (told_month.stories, told_month.items, told_month.loaded) == (1, 6, 9)
