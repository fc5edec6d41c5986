"""pypistats' side of the demo: 180 days of downloads, spread from the months."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
import requests

from flows.sources.pypi.demo import PERCENT
from flows.sources.pypi.demo_tools import CURVES, SAMPLE, tool_downloads
from flows.standin.facts import load_facts


def overall(demo, package, **parameters):
    return requests.get(f"{demo.url}/api/packages/{package}/overall", parameters, timeout=5)


def test_a_month_of_days_sums_to_its_window(demo):
    """June 2025 without mirrors: 48 516 572 in the 30 days to 2 July, so as many in June's 30."""
    rows = overall(demo, "torch", mirrors="false").json()["data"]
    june = [row for row in rows if row["date"].startswith("2025-06")]

    assert (len(june), sum(row["downloads"] for row in june)) == (30, 48516572)
    assert {row["category"] for row in rows} == {"without_mirrors"}


def test_rows_come_by_category_then_date(demo):
    """Without `mirrors` both series come, within the 180 days up to yesterday."""
    answer = overall(demo, "torch").json()
    keys = [(row["category"], row["date"]) for row in answer["data"]]

    assert (answer["package"], answer["type"]) == ("torch", "overall_downloads")
    assert keys == sorted(set(keys))
    assert keys[0] == ("with_mirrors", "2025-02-07")
    assert keys[-1] == ("without_mirrors", "2025-07-31")


def test_the_newest_day_is_yesterday(demo):
    """180 days end with it, even where the figure of the month's last days is known."""
    demo.now = datetime(2023, 10, 28, 6, tzinfo=UTC)
    days = [row["date"] for row in overall(demo, "torch").json()["data"]]

    assert (len(days), days[0], days[-1]) == (180, "2023-05-01", "2023-10-27")


def test_days_without_a_figure_are_left_out(demo):
    """June 2024 has no figure: its days are absent, not zero."""
    demo.now = datetime(2024, 9, 20, tzinfo=UTC)
    days = [date.fromisoformat(row["date"]) for row in overall(demo, "torch").json()["data"]]

    assert sorted({day.month for day in days}) == [3, 4, 5, 8]
    assert max(days) == date(2024, 8, 31)


def test_a_name_is_normalised_as_the_service_does(demo):
    """Dots and underscores become hyphens."""
    answer = requests.get(f"{demo.url}/api/packages/tensorflow_cpu/recent", timeout=5)
    assert answer.json()["package"] == "tensorflow-cpu"


def test_a_day_is_told_with_mirrors_only_where_it_is_told_without(demo):
    """Alone it would mean that nobody but mirrors downloaded; of tensorflow-cpu no more is known."""
    assert any(package == "tensorflow-cpu" for package, _ in load_facts().windows)
    assert overall(demo, "tensorflow-cpu").status_code == 404
    assert requests.get(f"{demo.url}/api/packages/tensorflow-cpu/system", timeout=5).json()["data"] == []
    days = {}
    for row in overall(demo, "torch").json()["data"]:
        days.setdefault(row["category"], set()).add(row["date"])
    assert days["with_mirrors"] < days["without_mirrors"]


def test_nothing_known_is_404_in_html(demo):
    """Unknown packages, and known ones before their first figure."""
    unknown = overall(demo, "no-such-package")
    demo.now = datetime(2019, 5, 1, tzinfo=UTC)

    assert (unknown.status_code, unknown.text) == (404, "404")
    assert unknown.headers["content-type"] == "text/html; charset=utf-8"
    assert overall(demo, "torch").status_code == 404


def test_recent_downloads_are_the_days_that_are_known(demo):
    """On 3 July 2025 June has a figure and July has none: the month is its 28 days, the last day null."""
    demo.now = datetime(2025, 7, 3, tzinfo=UTC)
    days = {row["date"]: row["downloads"] for row in overall(demo, "torch", mirrors="false").json()["data"]}
    answer = requests.get(f"{demo.url}/api/packages/torch/recent", timeout=5).json()

    assert (answer["package"], answer["type"]) == ("torch", "recent_downloads")
    assert max(days) == "2025-06-30"
    known = sorted(days)[-28:]
    assert answer["data"]["last_month"] == sum(days[day] for day in known)
    assert answer["data"]["last_day"] is None
    counted_otherwise = requests.get(f"{demo.url}/api/packages/tensorflow-cpu/recent", timeout=5).json()
    assert set(counted_otherwise["data"].values()) == {None}
    assert requests.get(f"{demo.url}/api/packages/no-such/recent", timeout=5).status_code == 404


def test_splits_are_made_up_and_say_so(demo):
    """The categories of a day sum to its downloads without mirrors; every answer is marked."""
    days = overall(demo, "torch", mirrors="false").json()
    expected = {row["date"]: row["downloads"] for row in days["data"]}
    for split in ("system", "python_minor"):
        answer = requests.get(f"{demo.url}/api/packages/torch/{split}", timeout=5).json()
        sums = dict.fromkeys(expected, 0)
        for row in answer["data"]:
            sums[row["date"]] += row["downloads"]

        assert (answer["package"], answer["type"]) == ("torch", f"{split}_downloads")
        assert sums == expected
        assert "made up" in answer["sample"] and "sample" not in days


def test_nothing_known_is_an_empty_split(demo):
    """There the real service answers 200 with an empty list."""
    answer = requests.get(f"{demo.url}/api/packages/no-such-package/system", timeout=5)

    assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize("split", PERCENT)
def test_the_parts_of_each_day_sum_to_it(demo, split):
    """Whatever the day's figure: whole shares have the same edges on every version of Python."""
    assert {sum(shares.values()) for shares in PERCENT.values()} == {100}
    assert {type(share) for shares in PERCENT.values() for share in shares.values()} == {int}
    for package in ("torch", "tensorflow", "keras"):
        days, parts = Counter(), Counter()
        for row in overall(demo, package, mirrors="false").json()["data"]:
            days[row["date"]] += row["downloads"]
        for row in requests.get(f"{demo.url}/api/packages/{package}/{split}", timeout=5).json()["data"]:
            parts[row["date"]] += row["downloads"]
        assert days and parts == days


def test_a_tool_is_told_by_a_formula_and_every_day_says_so(demo):
    """By both services alike, and by no figure that was published."""
    answer = overall(demo, "wandb", mirrors="false").json()

    assert len(answer["data"]) == 180 and "spread" not in answer
    assert {row["sample"] for row in answer["data"]} == {SAMPLE}
    first, last = (date.fromisoformat(answer["data"][n]["date"]) for n in (0, -1))
    told = [tool_downloads("wandb", first), tool_downloads("wandb", last)]
    assert [answer["data"][n]["downloads"] for n in (0, -1)] == told
    assert not {package for package, _ in load_facts().windows} & set(CURVES)
    recent = requests.get(f"{demo.url}/api/packages/wandb/recent", timeout=5).json()
    assert recent["data"]["last_day"] == told[1]
