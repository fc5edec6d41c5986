"""A compared project, and what it is called at each source."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from warehouse.config.spelling import ARTICLE, ID, PACKAGE, REPOSITORY, TAG, Spelling

# Before it there was no software that anybody compares, and no day can be reckoned from.
FirstRelease = Annotated[date, Field(ge=date(1950, 1, 1))]
LONGEST_NAME = 80
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
SubjectId = Annotated[str, AfterValidator(ID.require)]
Repository = Annotated[str, AfterValidator(REPOSITORY.require)]
PackageName = Annotated[str, AfterValidator(PACKAGE.require)]
Tag = Annotated[str, AfterValidator(TAG.require)]
Title = Annotated[str, AfterValidator(ARTICLE.require)]


class Strict(BaseModel):
    """A part of the configuration; a key that nobody reads is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Identifier(NamedTuple):
    """What a subject is called at a source, from and to which day, and within which sibling it is counted."""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None
    within: str | None = None

    def counts_beside(self, other: "Identifier") -> bool:
        """Whether there is a day on which both count, each by itself."""
        begins = max(self.valid_from or date.min, other.valid_from or date.min)
        ends = min(self.valid_until or date.max, other.valid_until or date.max)
        return begins <= ends and self.within is None and other.within is None


def _ends_after_it_began(until: date | None, info: ValidationInfo) -> date | None:
    since = info.data.get("since")
    if since and until and until <= since:
        raise ValueError(f"found {until}, expected a day after {since}, since which it counts")
    return until


class Package(Strict):
    """A member of a subject's family of packages; `since` and `until` are its first and last day.

    `within` names the sibling whose installation pulls this one in on some platform. Its downloads are
    shown but never added to the family's, or one installation would count twice.
    """

    package: PackageName
    since: date | None = None
    until: date | None = None
    within: PackageName | None = None
    note: Reason | None = None

    _ends_after_it_began = field_validator("until")(_ends_after_it_began)


class Article(Strict):
    """An article about a subject; `since` and `until` are the first and last day on which its views count.

    Wikimedia counts each title by itself, so an article that was moved is two, one after the other.
    """

    article: Title
    since: date | None = None
    until: date | None = None
    note: Reason | None = None

    _ends_after_it_began = field_validator("until")(_ends_after_it_began)


def _written_short(key: str, spelling: Spelling) -> Callable[[Any, ValidationInfo], Any]:
    """Return what lets a name stand for an entry of which nothing else is said."""

    def entry(written: Any, info: ValidationInfo) -> Any:
        name = str(info.data.get("name", ""))
        return {key: spelling.require(written, name)} if isinstance(written, str) else written

    return entry


def _written_alone(key: str, spelling: Spelling) -> Callable[[Any, ValidationInfo], Any]:
    """Return what lets one entry stand for a list of one."""
    entry = _written_short(key, spelling)

    def entries(written: Any, info: ValidationInfo) -> Any:
        return (entry(written, info),) if isinstance(written, str | dict) else written

    return entries


def _require_each_once(noun: str, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise ValueError(f"found {noun} {', '.join(names)}, expected each once")


Packages = Annotated[
    tuple[Annotated[Package, BeforeValidator(_written_short("package", PACKAGE))], ...],
    BeforeValidator(_written_alone("package", PACKAGE)),
]
Articles = Annotated[
    tuple[Annotated[Article, BeforeValidator(_written_short("article", ARTICLE))], ...],
    BeforeValidator(_written_alone("article", ARTICLE)),
]


class Subject(Strict):
    """One compared project and its identifiers; a source without an identifier is not asked."""

    id: SubjectId
    name: Name
    first_release_on: FirstRelease | None = None
    github: Repository | None = None
    pypi: Packages = ()
    stackoverflow: Tag | None = None
    google_trends: Name | None = None
    wikipedia: Articles = ()

    @field_validator("pypi")
    @classmethod
    def _is_one_family(cls, family: tuple[Package, ...]) -> tuple[Package, ...]:
        _require_each_once("packages", [member.package for member in family])
        counted = [member.package for member in family if member.within is None]
        for member in family:
            if member.within not in (None, *counted):
                expected = f"expected one that is counted by itself: {', '.join(counted) or 'there is none'}"
                raise ValueError(f"found {member.package} within {member.within}, {expected}")
        return family

    @field_validator("wikipedia")
    @classmethod
    def _are_different_articles(cls, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        _require_each_once("articles", [each.article for each in articles])
        return articles

    def identifiers(self, source_id: str) -> tuple[str, ...]:
        """Return what this subject is called at a source, in configuration order."""
        return tuple(identifier.name for identifier in self.dated_identifiers(source_id))

    def dated_identifiers(self, source_id: str) -> tuple[Identifier, ...]:
        """Return the same with the days for which each one counts; packages and articles have such days."""
        if source_id == "pypi":
            return tuple(Identifier(p.package, p.since, p.until, p.within) for p in self.pypi)
        if source_id == "wikipedia":
            return tuple(Identifier(a.article, a.since, a.until) for a in self.wikipedia)
        name: str | None = getattr(self, source_id, None)
        return () if name is None else (Identifier(name),)
