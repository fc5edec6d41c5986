"""When a service has refused alike so often that the request itself is wrong: nothing more is asked then."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from warehouse.errors import NotFound, Rejected, SourceError, UnexpectedAnswer

# A question that is refused for what it asks about is refused in other words than the next one. One
# service was asked 652 times in 34 s how it liked a key in the address (November 2026).
MOST_REJECTED = 3
# Names may be unknown, several after another where a family of packages has some that nobody fetches. With
# nothing found before them it is rather the place to ask that has moved.
MOST_NOT_FOUND, MOST_NOT_FOUND_AFTER_ANSWERS = 5, 10

# What varies from one refusal to the next, a number or a request's id, has a digit in it.
WORD = re.compile(r"\b[^\W\d_]+\b")


@dataclass(frozen=True)
class _Refusal:
    """What a refusal says: its kind, its status, its words, and those of them that were not asked for."""

    kind: type[SourceError]
    status: int
    words: frozenset[str]
    own_words: frozenset[str]

    def is_like(self, other: "_Refusal | None") -> bool:
        if other is None or (self.kind, self.status) != (other.kind, other.status):
            return False
        return self.words == other.words or self.own_words == other.own_words


class Refusals:
    """Counts a service's refusals that are alike, one after the other; an answer begins anew."""

    def __init__(self) -> None:
        self._has_answered = False
        self._last: _Refusal | None = None
        self._times = 0

    def note(self, where: str, url: str, status: int, error: SourceError | None) -> None:
        """Count how a question went; raises UnexpectedAnswer for a refusal that is one too many.

        Alike are refusals of one kind and status that say the same, or would but for what was asked.
        """
        self._has_answered = self._has_answered or error is None
        if not isinstance(error, NotFound | Rejected):
            self._last = None
            return
        told = str(error).removeprefix(f"{where}: ")
        words = _words(told)
        refusal = _Refusal(type(error), status, words, words - _words(f"{where} {unquote_plus(url)}"))
        self._times = self._times + 1 if refusal.is_like(self._last) else 1
        self._last = refusal
        if self._times >= self._most(error):
            raise UnexpectedAnswer(f"{where}: refused alike {self._times} times in a row: {told}")

    def _most(self, error: SourceError) -> int:
        if isinstance(error, Rejected):
            return MOST_REJECTED
        return MOST_NOT_FOUND_AFTER_ANSWERS if self._has_answered else MOST_NOT_FOUND


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.lower()))
