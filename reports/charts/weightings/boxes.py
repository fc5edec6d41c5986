"""What is drawn of the weightings, at one width: boxes and words, each at its place in pixels."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reports.charts.layers import MUTED
from reports.data.records import Subject
from reports.data.wording import NARROW_SPACE, SAMPLE, counted, percent
from reports.findings.weightings import Agreed

LINE, BAR, CELL, GAP = 18, 22, 24, 14
LETTER = 6.6
# With more subjects than these a bar says too little of those that never lead.
MOST_IN_BARS = 3
PALEST, DARKEST = 0.06, 0.5


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    width: float
    height: float
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Words:
    """A line of text whose middle lies at a height."""

    left: float
    middle: float
    text: str
    fill: str = "var(--ink)"
    align: str = "left"


@dataclass(frozen=True)
class Drawn:
    """All of it, from the top to a height."""

    parts: Sequence[Box | Words]
    height: float


def drawn(kinds: Sequence[Agreed], colored: Collection[Subject], width: float) -> Drawn:
    """Return the bars of each kind, and the ranks where there are more subjects than bars tell of."""
    parts: list[Box | Words] = []
    top = 0.0
    for found in kinds:
        for block, height in _blocks(found, colored, width, top):
            parts += block
            top += height
        top += GAP
    return Drawn(parts, max(top - GAP, LINE))


def _blocks(
    found: Agreed, colored: Collection[Subject], width: float, top: float
) -> Iterator[tuple[list[Box | Words], float]]:
    sample = [SAMPLE] if found.is_sample else []
    told = ", ".join([found.kind, counted(len(found.weighed), "measure"), *sample])
    yield [Words(0, top + LINE / 2, told)], LINE
    if found.weighed:
        yield list(_bar(found, colored, width, top + LINE)), BAR + LINE
        if len(found.subjects) > MOST_IN_BARS:
            height = LINE + CELL * len(found.subjects)
            yield list(_ranks(found, colored, width, top + LINE + BAR + LINE)), height


def _bar(found: Agreed, colored: Collection[Subject], width: float, top: float) -> Iterator[Box | Words]:
    """Yield who leads under how many weightings, in the order of the configuration; the rest is too close."""
    left = 0.0
    for subject, share in sorted(found.leads, key=lambda one: one[0].position):
        yield Box(left, top, width * share, BAR, line_of(subject, colored))
        yield from _label(
            f"{subject.name} {percent(share)}", left, width * share, top, ink_of(subject, colored)
        )
        left += width * share
    if width - left > 0.5:
        close = 1 - sum(share for _, share in found.leads)
        yield Box(left, top, width - left, BAR, "var(--grid)")
        yield from _label(f"too close to call {percent(close)}", left, width - left, top, MUTED)


def _label(text: str, left: float, width: float, top: float, fill: str) -> Iterator[Words]:
    if len(text) * LETTER <= width:
        yield Words(left, top + BAR + LINE / 2, text, fill)


def _ranks(found: Agreed, colored: Collection[Subject], width: float, top: float) -> Iterator[Box | Words]:
    """Yield a row a subject and a column a rank: under how many weightings in a hundred it has it."""
    longest = max(len(subject.name) for subject, _ in found.subjects)
    left = min(longest * LETTER + 10, width * 0.35)
    cell = (width - left) / len(found.subjects)
    yield Words(0, top + LINE / 2, f"{NARROW_SPACE}% by place", MUTED)
    for place in range(len(found.subjects)):
        yield Words(left + cell * (place + 0.5), top + LINE / 2, str(place + 1), MUTED, "center")
    for row, (subject, _) in enumerate(found.subjects):
        height = top + LINE + CELL * row
        yield Words(0, height + CELL / 2, subject.name, ink_of(subject, colored))
        for place, share in enumerate(found.ranks[subject.subject_id]):
            opacity = PALEST + (DARKEST - PALEST) * share
            fill = line_of(subject, colored)
            yield Box(left + cell * place + 1, height + 1, cell - 2, CELL - 2, fill, round(opacity, 3))
            if share >= 0.005:
                middle = left + cell * (place + 0.5)
                yield Words(middle, height + CELL / 2, f"{100 * share:.0f}", align="center")


def line_of(subject: Subject, colored: Collection[Subject]) -> str:
    """Return a subject's colour; one that no chart of the page draws has none of its own."""
    return f"var(--s{subject.place})" if subject in colored else MUTED


def ink_of(subject: Subject, colored: Collection[Subject]) -> str:
    """Return the colour in which its name is written."""
    return f"var(--s{subject.place}-ink)" if subject in colored else MUTED
