"""What a subject is called at the sources: verified where it is given, else looked for by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from flows.commands.identifier_report import complaints, end_unasked, listed, only, write_findings
from flows.commands.identifiers import resolve, verify
from flows.console.progress import shown
from flows.console.say import say
from flows.console.signals import in_threads
from flows.sources.identity import Finding, Verdict, named
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import OWNERS, Ecosystem
from warehouse.config.edit import fill_subject
from warehouse.config.settings import Settings
from warehouse.config.subject import Subject
from warehouse.config.toml_errors import describe
from warehouse.errors import ConfigurationError

OPTIONS = {"first_release_on": "first-release"}


@dataclass(frozen=True)
class Given:
    """What the options of `barometer add` say of a subject: its names by source, and when it was released."""

    identifiers: Mapping[str, str | Sequence[str] | None]
    first_release_on: date | None = None

    def told(self) -> dict[str, object]:
        """Return what is given, by the configuration's keys."""
        every = {**self.identifiers, "first_release_on": self.first_release_on}
        return {key: value for key, value in every.items() if value not in (None, [])}


def described(id_: str, name: str, given: Given) -> Subject:
    """Return the subject so described; raises ConfigurationError that names the option."""
    return _valid({"id": id_, "name": name, **given.told()})


def fill_in(
    present: Subject, given: Given, ecosystem: Ecosystem, settings: Settings, *, replace: bool, force: bool
) -> None:
    """Write what a subject of the configuration lacks: what is given or, where nothing is, what is found.

    Raises ConfigurationError, with nothing written, for what it has already, unless that is to be replaced.
    """
    told = described(present.id, present.name, given)
    new = {key: getattr(told, key) for key in given.told() if getattr(told, key) != getattr(present, key)}
    if not replace:
        _refuse_replacing(present, told, new)
    missing = [one for one in catalog().naming if not present.identifiers(one)]
    asked = [one for one in catalog().naming if one in new] if given.told() else missing
    findings = found_for(told, asked, ecosystem, settings, force=force) if asked else []
    filled = completed(present.model_copy(update=new), findings)
    if filled != present:
        fill_subject(settings.config, present, filled)
        say(f"{settings.config}: filled in {present.id}")
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"add: {listed(unasked)} could not be asked")
    if filled == present:
        raise ConfigurationError(
            f"add: found nothing new of {present.name}, which is in the configuration; expected something "
            "that it lacks, by one of the options of `barometer add --help`"
        )


def found_for(
    subject: Subject, asked: Sequence[str], ecosystem: Ecosystem, settings: Settings, *, force: bool
) -> list[Finding]:
    """Return, and tell, what some sources say of what a subject is called, or may be called there.

    Ends the command where something given is wrong or shared, or could not be verified, unless by `force`.
    """
    rivals = [each for each in ecosystem.subjects if each.id != subject.id]

    def find(source_id: str) -> list[Finding]:
        others = named(rivals, source_id)
        if given := named([subject], source_id):
            return verify(source_id, given, settings, others)
        return [resolve(source_id, subject.name, settings, others)]

    with shown():
        findings = [finding for found in in_threads(find, asked) for finding in found]
    write_findings(findings)
    if not force:
        refuse(findings)
    return findings


def completed(subject: Subject, findings: Sequence[Finding]) -> Subject:
    """Return the subject with what was found; raises ConfigurationError where it has nothing even so."""
    found = {f.source_id: f.identifier for f in only(findings, Verdict.RIGHT)}
    missing = {source_id: found[source_id] for source_id in found if not subject.identifiers(source_id)}
    whole = _valid(subject.model_dump(exclude_none=True) | missing)
    if any(whole.identifiers(source_id) for source_id in catalog().naming):
        return whole
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"add: {listed(unasked)} could not be asked; nothing was written")
    raise ConfigurationError(f"add: found {subject.name} at no source, expected it at one at least")


def _valid(told: dict[str, object]) -> Subject:
    try:
        return Subject.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        option = key if key == "name" else f"--{OPTIONS.get(key, key).replace('_', '-')}"
        _, mistake = describe({**first, "loc": (option,)}, "", OWNERS)
        raise ConfigurationError(f"add: {mistake}") from error


def _refuse_replacing(present: Subject, told: Subject, new: dict[str, object]) -> None:
    for key in new:
        if there := _words(present, key):
            option = OPTIONS.get(key, key).replace("_", "-")
            raise ConfigurationError(
                f"add --{option}: found {there} in the configuration, expected none: --replace writes "
                f"{_words(told, key)} in its place"
            )


def _words(subject: Subject, key: str) -> str:
    if key in catalog().naming:
        return ", ".join(subject.identifiers(key))
    return str(getattr(subject, key) or "")


def refuse(findings: Sequence[Finding]) -> None:
    """End without a word written where something given is wrong or shared, or could not be verified."""
    if told := complaints(findings):
        raise ConfigurationError(f"add: {told}, see its line; nothing was written")
    if unasked := [finding for finding in only(findings, Verdict.UNASKED) if finding.identifier]:
        end_unasked(f"add: {listed(unasked)} could not be verified; nothing was written, --force writes it")
