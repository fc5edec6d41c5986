"""What is asked about few as ever, and of many in turns: each as often as is said, on no day most of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.request import Due, Question
from flows.sources import load_source
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import parse_ecosystem
from warehouse.config.settings import Settings
from warehouse.config.subject import Subject

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
IN_TURNS = [source_id for source_id, source in catalog().items() if source.turns]
FEW, MANY = 100, 101


def subjects(number: int) -> list[Subject]:
    """So many, each with a package, a repository, a tag and an article."""
    return [
        Subject(
            id=f"s{one}",
            name=f"S {one}",
            first_release_on=date(2025, 3, 1),
            github=f"owner/s{one}",
            pypi=(f"s{one}",),
            stackoverflow=f"s{one}",
            wikipedia=(f"S{one}",),
        )
        for one in range(number)
    ]


class Days:
    """What a source was asked on one day after the other; every question is answered."""

    def __init__(self, source_id: str, number: int, settings: Settings) -> None:
        self.source, self.subjects, self.settings = load_source(source_id), subjects(number), settings
        self.known: dict[tuple[str, str], LastAnswer] = {}
        self.now = NOW
        self.next()

    def next(self) -> list[Question]:
        """Go on to the next day; return what was asked on the last one."""
        settings = replace(self.settings, clock=lambda: self.now)
        asked = [
            *Due(lambda: self.source.questions(self.subjects, settings, self.known), self.known, self.now)
        ]
        self.known |= {(one.endpoint, one.key): LastAnswer(self.now, "digest") for one in asked}
        self.now += timedelta(days=1)
        return asked

    def keys(self, days: int) -> dict[str, list[list[str]]]:
        """The keys of some days, by endpoint."""
        told: dict[str, list[list[str]]] = defaultdict(lambda: [[] for _ in range(days)])
        for day in range(days):
            for question in self.next():
                told[question.endpoint][day].append(question.key)
        return told


def times(days: Sequence[Sequence[str]]) -> Counter[str]:
    """How often each name was asked about."""
    return Counter(key.rpartition(" ")[0] for keys in days for key in keys)


def test_some_sources_take_turns():
    """Those that are asked about one name at a time, of names that every subject may have."""
    assert sorted(IN_TURNS) == ["dependents", "github", "maintenance", "pypi", "stackoverflow", "wikipedia"]


@pytest.mark.parametrize("source_id", IN_TURNS)
@pytest.mark.parametrize(("number", "more"), [(FEW, 0), (MANY, 1)])
def test_what_comes_later_by_turns_is_expected_later(source_id, number, more, tmp_path):
    """By as many days as are declared; what the configuration says itself stays."""
    text = configuration(
        **{one.id: one.model_dump(exclude={"id"}, exclude_defaults=True) for one in subjects(number)}
    )
    text, source = text.partition("[sources")[0], catalog()[source_id]
    found = parse_ecosystem(text, tmp_path).sources[source_id]
    assert found.expected_lag_days == source.expected_lag_days + more * source.turns.lag_days

    told = f"{text}\n[sources.{source_id}]\nexpected_lag_days = 3\n"
    assert parse_ecosystem(told, tmp_path).sources[source_id].expected_lag_days == 3


def test_the_articles_of_few_are_asked_about_daily_and_of_many_weekly(settings):
    """Each on a day of its own, for a window that reaches back behind its last turn; whole now and then."""
    few = Days("wikipedia", FEW, settings).keys(7)["pageview_days"]
    assert {len(keys) for keys in few} == {FEW}

    days = Days("wikipedia", MANY, settings)
    before = days.keys(7)["pageview_days"]
    many = days.keys(56)["pageview_days"]
    assert max(len(keys) for keys in many) < MANY / 2
    for week in (many[at : at + 7] for at in range(0, 56, 7)):
        asked = Counter(key.split()[0] for keys in week for key in keys)
        assert len(asked) == MANY and max(asked.values()) <= 2
    whole = [key for keys in many for key in keys if key.endswith("2015-07-01")]
    assert len(whole) == len(set(whole)) == MANY
    windows = [date.fromisoformat(key.split()[1]) for key in before[-1]]
    assert all(NOW.date() - first <= timedelta(days=61) or first == date(2015, 7, 1) for first in windows)


def test_of_many_repositories_the_counters_alone_are_asked_for_daily(settings):
    """Stars of the last weeks once a week, releases in four; of few all are as ever."""
    few, many = (Days("github", number, settings).keys(28) for number in (FEW, MANY))

    assert {len(keys) for keys in (*few["repository"], *few["star_history"])} == {FEW}
    assert {len(keys) for keys in many["repository"]} == {MANY}
    assert set(times(few["releases"]).values()) == {4} and set(times(many["releases"]).values()) == {1}
    assert set(times(many["star_history"]).values()) == {4}


def test_tags_are_asked_about_twenty_at_once_and_their_months_in_turns(settings):
    """Totals daily, of few and many; the newest months of many in ten days; samples once, on several days."""
    few, many = (Days("stackoverflow", number, settings).keys(28) for number in (FEW, MANY))

    for told, number, times_told in ((few, FEW, 4), (many, MANY, 1)):
        for keys in told["tag_totals"]:
            assert [len(key.split(";")) for key in keys] == [20] * 5 + [1] * (number - 100)
            assert len({tag for key in keys for tag in key.split(";")}) == number
        synonyms = [tag for keys in told["tag_synonyms"] for key in keys for tag in key.split(";")]
        assert set(Counter(synonyms).values()) == {times_told}
        assert len({key for keys in told["answer_samples"] for key in keys}) == number
    newest = {"2026-11", "2026-10"}
    assert {len([key for key in keys if key[-7:] in newest]) for keys in few["question_months"]} == {2 * FEW}
    in_turns = [[key for key in keys if key[-7:] in newest] for keys in many["question_months"]]
    assert max(map(len, in_turns)) < MANY
    assert set(Counter(key for keys in in_turns for key in keys).values()) <= {2, 3}
    assert len([keys for keys in few["answer_samples"] if keys]) == 1
    assert len([keys for keys in many["answer_samples"] if keys]) > 7


def test_of_many_packages_pypistats_is_asked_about_those_that_the_logs_lack(settings):
    """Those never read whole, and those not read for three days, each time; others in eight weeks."""
    few, many = Days("pypi", FEW, settings), Days("pypi", MANY, settings)
    assert {len(keys) for keys in few.keys(3)["overall"]} == {FEW}
    assert max(len(keys) for keys in many.keys(7)["overall"]) < 10

    del many.known["log_days", "s7 2016-01-01"]
    asked = [question.key for question in many.next() if question.endpoint == "overall"]
    assert "s7" in asked and len(asked) < 10

    for _ in range(3):
        many.now += timedelta(days=1)
        asked = [question.key for question in many.next() if question.endpoint == "overall"]
    many.now += timedelta(days=2)
    asked = [question.key for question in many.next() if question.endpoint == "overall"]
    assert len(asked) == MANY, "the logs were not read for three days"


def test_the_logs_are_asked_daily_about_many(settings):
    """Every package on every day, by itself on the day on which all its days are read again."""
    keys = Days("pypi", MANY, settings).keys(7)["log_days"]

    for day in keys:
        assert sorted(name for key in day for name in key.split()[0].split(";")) == sorted(
            one.id for one in subjects(MANY)
        )
        assert len(day) < 10


@pytest.mark.parametrize("source_id", ["maintenance", "dependents"])
def test_histories_and_dependents_of_many_have_their_turn(source_id, settings):
    """Each once in so many days, about as many on each day."""
    few, many = Days(source_id, FEW, settings), Days(source_id, MANY, settings)
    turn = {"maintenance": 42, "dependents": 84}[source_id]

    of_few = Counter(question.key for _ in range(7) for question in few.next())
    of_many = Counter(question.key for _ in range(turn) for question in many.next())
    assert set(of_few.values()) == {1} and len(of_few) == FEW
    assert set(of_many.values()) == {1} and len(of_many) == MANY
