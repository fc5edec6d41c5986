"""On what weights a lead hangs, in words and pictures made of the published tables."""

import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import pytest

from reports.charts.weightings.boxes import Box, Words, drawn
from reports.data.evidence import Evidence
from reports.data.records import Weighting, WeightingMeasure, WeightingRank, WeightingWithout
from reports.data.wording import NO_BREAK
from reports.findings.weightings import Agreed, any_of, notes, sentence, weightings

NAMES = ("PyTorch", "TensorFlow", "JAX", "Keras", "MXNet")
STARS, FORKS, QUESTIONS = "github_stars_total", "github_forks_total", "stackoverflow_questions"
Led = tuple[str, str | None, float]


def evidence_of(
    make: SimpleNamespace,
    leads: Mapping[str, float],
    without: Sequence[Led],
    states: Mapping[str, str] = {},
    unknown: Sequence[str] = (),
) -> Evidence:
    """Who leads in community under how many weightings, and without each measure."""
    subjects = make.subjects(*NAMES[: len(leads)])
    ranks = [
        WeightingRank("community", name, rank + 1, 1 / len(leads))
        for name in leads
        for rank in range(len(leads))
    ]
    measures = [
        WeightingMeasure("community", metric, name, 1 / len(leads), states.get(metric, "ok"), None)
        for metric, _, _ in without
        for name in leads
    ]
    measures += [
        WeightingMeasure("community", metric, name, None, None, "no figure of the last year of JAX")
        for metric in unknown
        for name in leads
    ]
    return make.evidence_of(
        names=NAMES[: len(leads)],
        metrics=dict.fromkeys((STARS, FORKS, QUESTIONS)),
        ranked=subjects,
        weightings=tuple(
            Weighting("community", name, len(without), share if without else None, 0.2, 0.4, 0.6, "ok")
            for name, share in leads.items()
        ),
        weighting_ranks=tuple(ranks),
        weighting_without=tuple(WeightingWithout("community", *led) for led in without),
        weighting_measures=tuple(measures),
    )


def told(evidence: Evidence) -> str:
    (found,) = weightings(evidence)
    return "".join(f"{one.subject.name if one.subject else ''}{one.text}" for one in sentence(found))


@pytest.mark.parametrize(
    ("leads", "without", "expected"),
    [
        (
            {"pytorch": 0.92, "tensorflow": 0.05},
            [(STARS, "tensorflow", 0.9), (FORKS, "pytorch", 0.8), (QUESTIONS, "pytorch", 0.95)],
            "PyTorch leads in community under 92\u202f% of 10,000 weightings of three measures; "
            "without stars in total it is TensorFlow.",
        ),
        (
            {"pytorch": 0.92, "tensorflow": 0.05},
            [(STARS, "pytorch", 0.9), (FORKS, "pytorch", 0.8)],
            "PyTorch leads in community under 92\u202f% of 10,000 weightings of two measures, "
            "and still leads without any one of them.",
        ),
        (
            {"pytorch": 1.0, "tensorflow": 0.0},
            [(STARS, None, 0.0), (FORKS, "pytorch", 0.6), (QUESTIONS, "tensorflow", 0.7)],
            "PyTorch leads in community under 100\u202f% of 10,000 weightings of three measures; "
            "without stars in total or forks in total it hangs on the weights; "
            "without questions it is TensorFlow.",
        ),
        (
            {"pytorch": 0.3, "tensorflow": 0.61},
            [(STARS, "tensorflow", 0.7), (FORKS, "pytorch", 0.5)],
            "Who leads in community hangs on the weights of two measures: TensorFlow "
            "leads under 61\u202f% and PyTorch leads under 30\u202f% of 10,000 weightings; "
            "without stars in total it is TensorFlow.",
        ),
        (
            {"pytorch": 0.0, "tensorflow": 0.0},
            [(STARS, None, 0.0), (FORKS, None, 0.0)],
            "In community it is too close to call under each of 10,000 weightings of two measures.",
        ),
        (
            {"pytorch": 0.0, "tensorflow": 1.0},
            [(STARS, None, 0.0)],
            "TensorFlow leads in stars in total, the one measure of community that can be weighed.",
        ),
        (
            {"pytorch": 0.0, "tensorflow": 0.0},
            [(STARS, None, 0.0)],
            "In stars in total, the one measure of community that can be weighed, it is too close to call.",
        ),
        (
            {"pytorch": 0.0, "tensorflow": 0.0},
            [],
            "Of community nothing is weighed: "
            "no measure has figures of the last year of all that are compared.",
        ),
    ],
    ids=["changes", "holds", "opens", "open", "close", "one", "one close", "none"],
)
def test_a_lead_is_told_with_what_it_hangs_on(
    make: SimpleNamespace, leads: Mapping[str, float], without: Sequence[Led], expected: str
) -> None:
    """Other numbers make another sentence; two thirds of the weightings make a lead."""
    assert told(evidence_of(make, leads, without)) == expected


def test_of_many_the_three_that_lead_most_often_are_named(make: SimpleNamespace) -> None:
    """And no one that never leads."""
    leads = {"pytorch": 0.1, "tensorflow": 0.3, "jax": 0.2, "keras": 0.15, "mxnet": 0.0}
    found = told(evidence_of(make, leads, [(STARS, None, 0.0), (FORKS, None, 0.0)]))

    assert re.findall(r"(\w+) leads under", found) == ["TensorFlow", "JAX", "Keras"]


def test_sample_data_and_what_is_not_weighed_are_told(make: SimpleNamespace) -> None:
    """By the names of the scoreboard, with the reason."""
    evidence = evidence_of(
        make,
        {"pytorch": 0.9, "tensorflow": 0.1},
        [(STARS, None, 0.0), (FORKS, None, 0.0)],
        states={FORKS: "sample"},
        unknown=[QUESTIONS],
    )
    (found,) = weightings(evidence)

    assert found.is_sample
    (clause,) = sentence(found)
    assert clause.subject is None  # no name in its colour for what is no finding
    assert "PyTorch leads in community under 90\u202f%" in clause.text
    assert "of two measures (one of them sample data, so no finding)" in clause.text
    assert notes(found) == [
        "Sample data: forks in total.",
        "Not weighed: questions (no figure of the last year of JAX).",
    ]
    shares = f"PyTorch{NO_BREAK}50\u202f%, TensorFlow{NO_BREAK}50\u202f%"
    assert [(one.name, one.told, one.without) for one in found.measures] == [
        ("stars in total", shares, "nobody"),
        ("forks in total", f"{shares}, sample data", "nobody"),
        ("questions", "no figure of the last year of JAX", "not weighed"),
    ]


def test_a_file_without_the_tables_has_no_section(make: SimpleNamespace) -> None:
    """Files of before have none."""
    assert weightings(make.evidence_of()) == []


def shown(
    make: SimpleNamespace, leads: Mapping[str, float], width: float = 690
) -> tuple[Agreed, list[Box], list[str]]:
    evidence = evidence_of(make, leads, [(STARS, None, 0.0), (FORKS, None, 0.0)])
    (found,) = weightings(evidence)
    parts = drawn([found], evidence.subjects, width).parts
    boxes = [part for part in parts if isinstance(part, Box)]
    return found, boxes, [part.text for part in parts if isinstance(part, Words)]


def test_a_bar_has_the_shares_in_the_order_of_the_configuration(make: SimpleNamespace) -> None:
    """What nobody leads under is the grey rest; a part too narrow for its words has none."""
    _, boxes, words = shown(make, {"pytorch": 0.25, "tensorflow": 0.7})

    assert [(box.left, box.width, box.fill) for box in boxes] == [
        (0, pytest.approx(172.5), "var(--s1)"),
        (pytest.approx(172.5), pytest.approx(483), "var(--s2)"),
        (pytest.approx(655.5), pytest.approx(34.5), "var(--grid)"),
    ]
    assert words == ["community, 2 measures", "PyTorch 25\u202f%", "TensorFlow 70\u202f%"]


@pytest.mark.parametrize("width", [690, 310])
def test_of_more_than_three_each_rank_is_drawn(make: SimpleNamespace, width: float) -> None:
    """A cell for each of five subjects and places, who leads most often on top; all within the width."""
    _, few, _ = shown(make, {"pytorch": 0.4, "tensorflow": 0.3, "jax": 0.3}, width)
    found, boxes, words = shown(
        make, dict(zip(map(str.lower, NAMES), (0.1, 0.5, 0.2, 0.1, 0.1), strict=True)), width
    )

    assert (len(few), len(boxes)) == (3, 5 + 25)
    assert [subject.name for subject, _ in found.subjects][:2] == ["TensorFlow", "JAX"]
    assert boxes[5].fill == "var(--s2)" and words.count("20") == 25
    assert max(box.left + box.width for box in boxes) <= width


def test_any_of_names() -> None:
    """One, two or more."""
    assert [any_of(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A or B", "A, B or C"]
