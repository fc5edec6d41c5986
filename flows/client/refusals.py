"""When a service has refused so often that the request itself is wrong: nothing more is asked then."""

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import unquote_plus

from warehouse.errors import NotFound, Rejected, SourceError, UnexpectedAnswer

# Who understands a question and refuses it says something of what it is about. A service that refused a
# key in the address was asked 652 times in 34 s (November 2026).
MOST_REJECTED = 3
# Names may be unknown, several after another where a family of packages has some that nobody fetches. With
# nothing found before them it is rather the place to ask that has moved.
MOST_NOT_FOUND, MOST_NOT_FOUND_AFTER_ANSWERS = 5, 10
# One that repeats the request, cut off somewhere, says something else each time: 434 times in 22 s.
MOST_UNLIKE = 10

# What varies from one refusal to the next, a number or a request's id, has a digit in it.
WORD = re.compile(r"\b[^\W\d_]+\b")


@dataclass(frozen=True)
class _Refusal:
    """What a refusal says: its kind, its status, its words, and those of them that were not asked for."""

    kind: type[SourceError]
    status: int
    words: frozenset[str]
    own_words: frozenset[str]

    def is_of_kind_of(self, other: "_Refusal | None") -> bool:
        return other is not None and (self.kind, self.status) == (other.kind, other.status)

    def is_like(self, other: "_Refusal | None") -> bool:
        if other is None or not self.is_of_kind_of(other):
            return False
        return self.words == other.words or self.own_words == other.own_words


@dataclass
class _Row:
    """How often was refused one after the other, alike and in whatever words; an answer begins anew."""

    has_answered: bool = False
    alike: int = 0
    of_kind: int = 0
    last: _Refusal | None = None

    def why_too_long_with(self, refusal: _Refusal) -> str | None:
        self.alike = self.alike + 1 if refusal.is_like(self.last) else 1
        self.of_kind = self.of_kind + 1 if refusal.is_of_kind_of(self.last) else 1
        self.last = refusal
        most_not_found = MOST_NOT_FOUND_AFTER_ANSWERS if self.has_answered else MOST_NOT_FOUND
        if self.alike >= (MOST_REJECTED if refusal.kind is Rejected else most_not_found):
            return f"refused alike {self.alike} times in a row"
        return f"refused {self.of_kind} times in a row" if self.of_kind >= MOST_UNLIKE else None

    def end(self) -> None:
        self.has_answered, self.alike, self.of_kind, self.last = True, 0, 0, None


class Refusals:
    """Counts a service's refusals, one after the other: of all endpoints and of each."""

    def __init__(self) -> None:
        self._all = _Row()
        self._by_endpoint: defaultdict[str, _Row] = defaultdict(_Row)
        self._closed = set[str]()

    def is_closed(self, endpoint: str) -> bool:
        """Whether nothing more is to be asked of an endpoint, though others may answer."""
        return endpoint in self._closed

    def note(self, endpoint: str, where: str, url: str, status: int, error: SourceError | None) -> None:
        """Count how a question went; raises UnexpectedAnswer after too many refusals without an answer.

        Alike are refusals of one kind and status that say the same, or would but for what was asked. Where
        another endpoint did answer, only the one that refuses is closed.
        """
        rows = (self._all, self._by_endpoint[endpoint])
        if not isinstance(error, NotFound | Rejected):
            for row in rows:
                row.end()
            return
        told = str(error).removeprefix(f"{where}: ")
        words = _words(told)
        refusal = _Refusal(type(error), status, words, words - _words(f"{where} {unquote_plus(url)}"))
        of_all, of_endpoint = (row.why_too_long_with(refusal) for row in rows)
        if of_all:
            raise UnexpectedAnswer(f"{where}: {of_all}: {told}")
        if of_endpoint:
            self._closed.add(endpoint)


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.lower()))
