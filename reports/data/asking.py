"""What a reader can ask the published file about: the saved questions, and what everything in it means."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.published.dictionary import Dictionary, read_dictionary
from warehouse.published.open import Published
from warehouse.published.saved_queries import SavedQuery, saved_queries


@dataclass(frozen=True)
class Asking:
    """Questions with their SQL, and the tables, macros and metrics that a question names."""

    questions: Sequence[SavedQuery]
    dictionary: Dictionary


def read_asking(published: Published) -> Asking:
    """Return what there is to ask, and to ask about, of a published file."""
    return Asking(saved_queries(), read_dictionary(published))
