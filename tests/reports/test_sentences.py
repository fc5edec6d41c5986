"""Every sentence above a chart says what the figures say: made at random, read back and recounted.

Of one to eight rivals some are young, some end early, some have suspect or missing periods, and now and then
two are level or nothing is. What a sentence says is taken apart by its form and found again in the figures by
a second way of counting.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from reports.data.declared import declared
from reports.data.records import Point
from reports.findings.titles import title

NAMES = ("PyTorch", "TensorFlow", "JAX", "Keras", "MXNet", "Theano", "Caffe", "Chainer")
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
SERIES = ("pypi_downloads", "github_stars_total", "stackoverflow_questions")
MONTHS = r"(?P<when>(\w+ )?(\w+ to )?\w+ \d{4})"
ENDS = rf"( in {MONTHS})?(?P<silent>; .+ has told nothing.* since)?$"
RANK = r"(?P<rank>, the second)?"
RATIO = r"(?P<times>twice|[\d.]+ times)"
MOST = r"(?P<most>\S+( \wn?illion)?)"
FORMS = {
    "share": rf"(?P<who>.+) (is|was) (?P<part>.+)\u202f% of the (?P<noun>.+) of (?P<whose>.+?){ENDS}",
    "level": rf"(?P<who>.+) and (?P<other>.+) (are|were) nearly level in (?P<noun>.+?){ENDS}",
    "ratio": rf"(?P<who>.+) (has|had) {RATIO} the (?P<noun>.+) of (?P<other>.+?){RANK}{ENDS}",
    "amounts": rf"(?P<who>.+?): {MOST} (?P<noun>.+) in {MONTHS}(; (?P<other>.+?){RANK}: (?P<next>.+))?$",
    "nothing": r"(?P<noun>.+): no figures (to compare|yet)$",
}
LEVEL = 0.02


def made_up(make: SimpleNamespace, key: str, rivals: int, chance: random.Random):
    """A series of two years and a half of each rival, with all that may be wrong with one."""
    points: list[Point] = []
    is_silent = chance.random() < 0.05
    for name in [] if is_silent else NAMES[:rivals]:
        first = chance.choice(["2023-02", "2023-02", "2025-01"])
        size = chance.choice([0, 5, 1000, 1010, 30_000, 2_000_000])
        months = make.month_points(
            name.lower(), first, [size + chance.randrange(size // 50 + 1) for _ in range(30)]
        )
        months = [month for month in months if month.first_day < date(2025, 8, 1)]
        fate = chance.choice(["well", "well", "suspect", "hole", "early end", "nothing", "running"])
        if fate == "suspect":
            months[-1] = replace(months[-1], state="suspect", reason="Odd")
        elif fate == "hole":
            months = months[:-2] + months[-1:]
        elif fate == "early end":
            months = months[:-4]
        elif fate == "running":
            months[-1] = replace(months[-1], state="partial", value=months[-1].value + 10**7)
        points += [] if fate == "nothing" else months
    if key == "github_stars_total":  # a counter is read on a day
        points = [replace(point, first_day=point.last_day) for point in points]
    return make.series(key, *points)


def standing(series, names: Mapping[str, str]) -> dict[str, tuple[float, date]]:
    """The figures that a sentence is of, counted again: of the last period known for all that have any."""
    known: dict[str, dict[date, float]] = {}
    for point in series.points:
        if point.state not in ("partial", "suspect"):
            known.setdefault(names[point.subject_id], {})[point.last_day] = point.value
    if series.metric.aggregation == "stock":
        last = {name: max(found) for name, found in known.items()}
        newest = max(last.values(), default=date.min)
        return {name: (known[name][day], day) for name, day in last.items() if (newest - day).days <= 45}
    shared = set.intersection(*map(set, known.values())) if known else set()
    return {name: (found[max(shared)], max(shared)) for name, found in known.items()} if shared else {}


def forms_of(sentence: str) -> Iterator[tuple[str, re.Match[str]]]:
    for form, pattern in FORMS.items():
        if found := re.fullmatch(pattern, sentence):
            yield form, found


def amount(told: str) -> float:
    number, _, size = told.partition(" ")
    return float(number.replace(",", "")) * {"": 1, "million": 1e6, "billion": 1e9}[size]


def recount(form: str, found: re.Match[str], stands: Mapping[str, tuple[float, date]], rivals: int) -> None:
    """Fail where a sentence says something else than the figures."""
    values = {name: value for name, (value, _) in stands.items()}
    order = sorted(values.values(), reverse=True)
    total = sum(order)
    if form == "nothing":
        assert not values
    elif form == "share":
        told, whose = found["part"], found["whose"]
        share = values[found["who"]] / total
        assert values[found["who"]] == order[0] and order[0] - order[1] > LEVEL * total
        assert {"over 99": share > 0.99, "under 1": share < 0.01}.get(told, told == str(round(100 * share)))
        counted = (
            COUNTS[whose.removeprefix("the ")]
            if whose.startswith("the ")
            else len(re.split(", | and ", whose))
        )
        assert counted == len(values) and (whose.startswith("the ") == (len(values) == rivals))
    elif form == "level":
        assert {values[found["who"]], values[found["other"]]} == set(order[:2])
        assert order[0] - order[1] <= LEVEL * (total or 1)
    elif form == "ratio":
        told = 2.0 if found["times"] == "twice" else float(found["times"].removesuffix(" times"))
        assert (values[found["who"]], values[found["other"]]) == (order[0], order[1])
        assert told == pytest.approx(order[0] / order[1], abs=0.051)
        assert bool(found["rank"]) == (len(values) > 2)
    else:
        assert values[found["who"]] == order[0] == pytest.approx(amount(found["most"]), rel=0.05, abs=0.06)
        days = [day for _, day in stands.values()]
        ends = f"{min(days):%B} to {max(days):%B %Y}"
        assert found["when"] == (f"{max(days):%B %Y}" if min(days).month == max(days).month else ends)
        assert bool(found["other"]) == (len(values) > 1)
        if found["other"]:
            assert (
                values[found["other"]] == order[1] == pytest.approx(amount(found["next"]), rel=0.05, abs=0.06)
            )


@pytest.mark.parametrize("rivals", [1, 2, 3, 5, 8])
def test_a_sentence_says_what_the_figures_say(make: SimpleNamespace, rivals: int):
    """In each form that it may take, and under the name of what was counted."""
    chance, seen = random.Random(rivals), Counter()
    names = {name.lower(): name for name in NAMES}
    for number in range(250):
        key = SERIES[number % len(SERIES)]
        series = made_up(make, key, rivals, chance)
        stale = [series.metric.source_id] if chance.random() < 0.2 else []
        evidence = make.evidence_of(series, names=NAMES[:rivals], stale=stale)
        for finding in ("share", "ratio", "change", "amounts"):
            sentence = title(evidence, key, finding)
            told = list(forms_of(sentence))
            assert told, sentence
            form, found = told[0]
            assert found["noun"].lower() == declared()[key].noun, sentence
            try:
                recount(form, found, standing(series, names), rivals)
            except AssertionError as error:
                raise AssertionError(f"{sentence!r} of {standing(series, names)}") from error
            seen[form] += 1

    expected = {"amounts", "nothing"} if rivals == 1 else set(FORMS)
    assert {form for form in expected if seen[form] < 5} == set()
