"""A tool around the compared projects: its packages are collected as theirs are, and compared with nothing.

It has names at those sources alone whose declaration says that tools do.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import create_model

from warehouse.config.catalog import catalog
from warehouse.config.subject import Called, Identifier, Name, SubjectBase, SubjectId, several_at

# As many as a chart has colours for.
MOST_OF_A_THEME = 8


class ToolBase(Called):
    """One tool: its theme, and the subject that it belongs to, where it belongs to one.

    A package lies `within` another of the tool, and is not added to it, or within one of a subject that pulls
    it in: then it is counted, and its figures say nothing of a choice.
    """

    theme: Name
    subject: SubjectId | None = None

    def dated_identifiers(self, source_id: str) -> tuple[Identifier, ...]:
        """Return what it is called at a source where tools have names; else nothing."""
        return super().dated_identifiers(source_id) if source_id in catalog().naming_tools else ()


if TYPE_CHECKING:

    class Tool(ToolBase):
        """One tool, with a field for each source where tools have names."""

        def __getattr__(self, source_id: str) -> Any: ...

else:
    Tool = create_model(
        "Tool",
        __base__=ToolBase,
        __doc__=ToolBase.__doc__,
        **{
            source_id: (several_at(source_id, source.identifier), ())
            for source_id, source in catalog().naming_tools.items()
        },
    )


def placed(tool: Tool, source_id: str) -> Iterator[tuple[Identifier, str | None]]:
    """Yield what a tool is called at a source, within its own siblings alone, and what else pulls that in."""
    told = tool.dated_identifiers(source_id)
    own = {one.name for one in told}
    for one in told:
        yield (one, None) if one.within in own else (one._replace(within=None), one.within)


Misplaced = Iterator[tuple[tuple[str | int, ...], str]]


def misplaced(tools: Sequence[Tool], subjects: Sequence[SubjectBase]) -> Misplaced:
    """Yield what of the tools does not fit each other or the subjects: where it stands, and what is wrong."""
    ids = [subject.id for subject in subjects]
    of_theme: dict[str, int] = {}
    for place, tool in enumerate(tools):
        if tool.subject not in (None, *ids):
            yield ("tools", place, "subject"), f"found {tool.subject!r}, expected one of {', '.join(ids)}"
        of_theme[tool.theme] = of_theme.get(tool.theme, 0) + 1
        if of_theme[tool.theme] == MOST_OF_A_THEME + 1:
            found = f"found more than {MOST_OF_A_THEME} tools of the theme {tool.theme!r}"
            yield (
                ("tools", place, "theme"),
                f"{found}, expected so many at most, for which a chart has colours",
            )
        if not any(tool.identifiers(source_id) for source_id in catalog().naming_tools):
            expected = " or ".join(catalog().naming_tools)
            yield ("tools", place), f"found {tool.id} without a name at any source, expected {expected}"
        for source_id in catalog().naming_tools:
            yield from _misplaced_at(source_id, place, tool, subjects)


def _misplaced_at(source_id: str, place: int, tool: Tool, subjects: Sequence[SubjectBase]) -> Misplaced:
    told = list(placed(tool, source_id))
    counted = [one.name for one, _ in told if one.within is None]
    theirs = [name for subject in subjects for name in subject.identifiers(source_id)]
    for entry, (one, within) in enumerate(told):
        if one.within not in (None, *counted) or within not in (None, *theirs):
            found = f"found {one.name} within {one.within or within}"
            others = ", ".join(dict.fromkeys(name for name in [*counted, *theirs] if name != one.name))
            expected = (
                f"one that this tool counts by itself, or one of a subject: {others or 'there is none'}"
            )
            yield ("tools", place, source_id, entry, "within"), f"{found}, expected {expected}"
