"""The command that adds a subject to the configuration.

Exit codes: 0 all right; 2 something is wrong and nothing was written; 3 some source could not be asked:
nothing was written if it was to verify what was given, else what it might have told is left out.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from flows import stages
from flows.ending import in_threads
from flows.identify import Finding, Verdict, named
from flows.identify.findings import resolve, verify
from flows.identify.telling import complaints, end_unasked, listed, only, write_findings
from flows.progress import shown
from flows.say import say
from flows.sources import source_ids
from warehouse.configuration_file import add_subject
from warehouse.ecosystem import MOST_SUBJECTS, OWNERS, Ecosystem
from warehouse.errors import ConfigurationError
from warehouse.mistakes import describe
from warehouse.settings import Settings, read_settings
from warehouse.spelling import subject_id
from warehouse.subject import Subject


def add(
    name: str,
    id_: Annotated[
        str | None, typer.Option("--id", help="How addresses and SQL call it; else made of the name.")
    ] = None,
    github: Annotated[str | None, typer.Option(help="Repository, as owner/name.")] = None,
    pypi: Annotated[list[str] | None, typer.Option(help="Package; can be given several times.")] = None,
    stackoverflow: Annotated[str | None, typer.Option(help="Tag.")] = None,
    google_trends: Annotated[str | None, typer.Option(help="Search term; never looked for by name.")] = None,
    wikipedia: Annotated[str | None, typer.Option(help="English article, titled as in its address.")] = None,
    first_release: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    force: Annotated[bool, typer.Option("--force", help="Write it although something is wrong.")] = False,
) -> None:
    """Add a subject. Identifiers are verified, and those left out are looked for by the name."""
    settings = read_settings()
    ecosystem = stages.ecosystem_of(settings)
    subject = _subject(
        id=subject_id(name) if id_ is None else id_,
        name=name,
        first_release_on=first_release and first_release.date(),
        github=github,
        pypi=pypi,
        stackoverflow=stackoverflow,
        google_trends=google_trends,
        wikipedia=wikipedia,
    )
    _require_room(ecosystem, subject)
    with shown():
        found = in_threads(lambda source_id: _find(source_id, subject, ecosystem, settings), source_ids())
    findings = [finding for findings in found for finding in findings]
    write_findings(findings)
    if not force:
        _refuse(findings)
    add_subject(settings.config, _completed(subject, findings), source_ids())
    say(f"{settings.config}: added {subject.id}")
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"add: {listed(unasked)} could not be asked")


def _subject(**described: object) -> Subject:
    """Return the subject so described, None left out; raises ConfigurationError that names the option."""
    given = {key: value for key, value in described.items() if value is not None}
    try:
        return Subject.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]).replace("_", "-")
        _, mistake = describe({**first, "loc": (option if option == "name" else f"--{option}",)}, "", OWNERS)
        raise ConfigurationError(f"add: {mistake}") from error


def _require_room(ecosystem: Ecosystem, subject: Subject) -> None:
    for other in ecosystem.subjects:
        if other.id == subject.id:
            found = f"found {subject.id} in the configuration, expected another subject"
            raise ConfigurationError(
                f"add: {found}: it is the id of {other.name}, --id gives this one another"
            )
    if len(ecosystem.subjects) >= MOST_SUBJECTS:
        found = f"found {len(ecosystem.subjects):,} subjects in the configuration"
        raise ConfigurationError(f"add: {found}, which is all that there is room for")


def _find(source_id: str, subject: Subject, ecosystem: Ecosystem, settings: Settings) -> list[Finding]:
    """Verify what was given of a source, or look for what was not; none may be another subject's."""
    others = named(ecosystem.subjects, source_id)
    if given := named([subject], source_id):
        return verify(source_id, given, settings, others)
    return [resolve(source_id, subject.name, settings, others)]


def _refuse(findings: Sequence[Finding]) -> None:
    """End without a word written where something given is wrong or shared, or could not be verified."""
    if told := complaints(findings):
        raise ConfigurationError(f"add: {told}, see its line; nothing was written")
    if unasked := [finding for finding in only(findings, Verdict.UNASKED) if finding.identifier]:
        end_unasked(f"add: {listed(unasked)} could not be verified; nothing was written, --force writes it")


def _completed(subject: Subject, findings: Sequence[Finding]) -> Subject:
    """Return the subject with what was found; raises ConfigurationError where it has nothing even so."""
    found = {f.source_id: f.identifier for f in only(findings, Verdict.RIGHT)}
    missing = {source_id: found[source_id] for source_id in found if not subject.identifiers(source_id)}
    completed = _subject(**subject.model_dump() | missing)
    if any(completed.identifiers(source_id) for source_id in source_ids()):
        return completed
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"add: {listed(unasked)} could not be asked; nothing was written")
    raise ConfigurationError(f"add: found {subject.name} at no source, expected it at one at least")
