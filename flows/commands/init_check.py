"""The commands on the whole configuration: write one, verify it.

Exit codes: 0 all right; 2 the file is there already, or an identifier is wrong or stands in two subjects;
3 some source could not be asked.
"""

import sys
from typing import Annotated

import typer

from flows.client.service import quota_of
from flows.commands.identifier_report import complaints, end_unasked, listed, only, write_findings
from flows.commands.identifiers import verify
from flows.console.progress import shown
from flows.console.say import say
from flows.console.signals import in_threads
from flows.console.table import Grid, print_grid
from flows.demo import refuse_demos_own
from flows.pipeline import steps
from flows.sources.identity import Finding, Verdict, named, remark
from warehouse.config.catalog import Contact, catalog
from warehouse.config.contact import configured_contact, require_contact
from warehouse.config.ecosystem import parse_ecosystem
from warehouse.config.edit import write_configuration
from warehouse.config.presets import DEFAULT, preset_names, preset_text, read_preset
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError


def init(
    preset: Annotated[str, typer.Argument(help="One of those that --list shows.")] = DEFAULT,
    list_presets: Annotated[bool, typer.Option("--list", help="List the presets.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    contact: Annotated[
        str | None, typer.Option(help="An e-mail address or URL that tells the sources whom to ask.")
    ] = None,
    question: Annotated[str | None, typer.Option(help="What the site asks; else the preset's.")] = None,
) -> None:
    """Write a ready comparison as the configuration; on a terminal it asks for a contact."""
    if list_presets:
        _list_presets()
        return
    settings = read_settings()
    refuse_demos_own(settings)
    path = settings.config
    if path.exists() and not force:
        raise ConfigurationError(f"init: found {path}, expected no such file; --force overwrites it")
    asked = read_preset(preset).question if question is None else question
    text = preset_text(preset, _contact(contact, settings), asked)
    parse_ecosystem(text, path)
    write_configuration(path, text)
    say(f"{path}: {asked}")


def check() -> None:
    """Validate the configuration and verify each identifier at its source; no two subjects may share one."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)

    def verified(source_id: str) -> list[Finding]:
        tools = named(ecosystem.tools, source_id)
        return verify(source_id, named(ecosystem.subjects, source_id), settings, tools=tools)

    with shown():
        naming = [source_id for source_id in ecosystem.sources if source_id in catalog().naming]
        findings = [finding for found in in_threads(verified, naming) for finding in found]
    write_findings(findings)
    for source_id in ecosystem.sources:
        if why := remark(source_id, ecosystem.subjects):
            say(f"{source_id}: {why}")
    if told := complaints(findings):
        raise ConfigurationError(f"check: {told}; see its line")
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"check: {listed(unasked)} could not be verified")


def _contact(given: str | None, settings: Settings) -> str | None:
    """Return the contact to write: as given, as the file had it, or as told on the terminal; or none.

    One in the environment goes first wherever it is needed, so nobody is asked for another.
    """
    try:
        if given is not None:
            return require_contact(given)
    except ValueError as error:
        raise ConfigurationError(f"init --contact: {error}") from error
    kept = configured_contact(settings.config)
    if kept or settings.contact or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return kept
    text = f"Whom may the sources ask about the requests? {_why()}\nE-mail address or URL, or nothing"
    told: str = typer.prompt(text, default="", show_default=False, err=True, value_proc=_read_contact)
    return told or None


def _why() -> str:
    """Say what a contact is good for, at each source that answers more to who has one."""
    told = [_answers(source.contact) for source in catalog().values() if source.contact]
    return f"{'; '.join(told)}."


def _answers(contact: Contact) -> str:
    if contact.given and contact.without:
        more, less = quota_of(contact.given), quota_of(contact.without)
        return f"{contact.name} answers {more} to who tells, and {less} to who does not"
    return f"{contact.name} is asked only by who tells"


def _read_contact(text: str) -> str:
    try:
        return require_contact(text) if text else ""
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _list_presets() -> None:
    presets = [(name, read_preset(name)) for name in preset_names()]
    rows = [(name, p.question, ", ".join(s.name for s in p.subjects)) for name, p in presets]
    print_grid(Grid(("preset", "question", "subjects"), rows))
