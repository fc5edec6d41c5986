"""Room for the names above a plot, so that none overlaps another. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

LETTER = 6.3  # pixels of a letter at 11 pixels, wide fonts included


@dataclass(frozen=True)
class Label:
    """A name above a plot: its row, the lowest being 0, its edges, and the place a line leads down to."""

    text: str
    row: int
    left: float
    right: float
    start: float

    @property
    def align(self) -> str:
        """Which edge is sure to be where it was planned: widths are estimates."""
        return "right" if self.left < self.start else "left"

    @property
    def edge(self) -> float:
        """The place of that edge."""
        return round(self.right if self.align == "right" else self.left, 1)

    def clashes(self, other: "Label") -> bool:
        """Tell whether two names overlap, or the line of the upper one runs through the lower one."""
        if self.row == other.row:
            return self.left < other.right + LETTER and other.left < self.right + LETTER
        upper, lower = (self, other) if self.row > other.row else (other, self)
        return lower.left + 1 < upper.start < lower.right - 1


def label_rows(starts: Sequence[float], names: Sequence[str], width: float, rows: int) -> list[Label] | None:
    """Return a place for each name, in as low a row as it fits; None where they need more rows.

    A name begins where its line stands, or ends there; it is moved aside to stay in the picture.
    """
    placed: dict[int, Label] = {}
    for index in sorted(range(len(names)), key=lambda index: -starts[index]):
        size, start = len(names[index]) * LETTER, starts[index]
        lefts = (min(start, width - size), start - size)
        wanted = (
            Label(names[index], row, left, left + size, start)
            for left in lefts
            if left >= 0
            for row in range(rows)
        )
        label = next((label for label in wanted if not any(map(label.clashes, placed.values()))), None)
        if label is None:
            return None
        placed[index] = label
    return [placed[index] for index in range(len(names))]
