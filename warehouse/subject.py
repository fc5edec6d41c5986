"""A compared project, and what it is called at each source."""

from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, field_validator

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
SubjectId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Repository = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")]
# The normalised form, because pypistats does not lower-case for us.
PackageName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+#-]+$")]
# As in its address: underscores for spaces, and no name begins with a small letter there.
Article = Annotated[str, StringConstraints(pattern=r"^[^\sa-z_#<>\[\]{}|][^\s#<>\[\]{}|]*$", max_length=255)]


class Strict(BaseModel):
    """A part of the configuration; a key that nobody reads is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Identifier(NamedTuple):
    """What a subject is called at a source, from and to which day, and within which sibling it is counted."""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None
    within: str | None = None


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

    @field_validator("until")
    @classmethod
    def _ends_after_it_began(cls, until: date | None, info: Any) -> date | None:
        since = info.data.get("since")
        if since and until and until <= since:
            raise ValueError(f"found {until}, expected a day after {since}, since which it counts")
        return until


def _written_short(entry: Any) -> Any:
    return {"package": entry} if isinstance(entry, str) else entry


Family = tuple[Annotated[Package, BeforeValidator(_written_short)], ...]


class Subject(Strict):
    """One compared project and its identifiers; a source without an identifier is not asked."""

    id: SubjectId
    name: Name
    first_release_on: date | None = None
    github: Repository | None = None
    pypi: Family = ()
    stackoverflow: Tag | None = None
    google_trends: Name | None = None
    wikipedia: Article | None = None

    @field_validator("pypi")
    @classmethod
    def _is_one_family(cls, family: Family) -> Family:
        names = [member.package for member in family]
        if len(set(names)) < len(names):
            raise ValueError(f"found packages {', '.join(names)}, expected each once")
        counted = [member.package for member in family if member.within is None]
        for member in family:
            if member.within not in (None, *counted):
                expected = f"expected one that is counted by itself: {', '.join(counted) or 'there is none'}"
                raise ValueError(f"found {member.package} within {member.within}, {expected}")
        return family

    def identifiers(self, source_id: str) -> tuple[str, ...]:
        """Return what this subject is called at a source, in configuration order."""
        return tuple(identifier.name for identifier in self.dated_identifiers(source_id))

    def dated_identifiers(self, source_id: str) -> tuple[Identifier, ...]:
        """Return the same with the days for which each one counts; only packages have such days."""
        if source_id == "pypi":
            return tuple(Identifier(p.package, p.since, p.until, p.within) for p in self.pypi)
        name: str | None = getattr(self, source_id, None)
        return () if name is None else (Identifier(name),)
