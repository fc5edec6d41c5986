"""The command that adds a subject or tool to the configuration, or to a subject what it is called elsewhere.

Exit codes: 0 all right; 2 something is wrong and nothing was written; 3 some source could not be asked:
nothing was written if it was to verify what was given, else what it might have told is left out.
"""

import inspect
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from flows.commands.add_tool import add_tool
from flows.commands.fill_in import Given, completed, described, fill_in, found_for
from flows.commands.identifier_report import end_unasked, listed, only
from flows.console.say import say
from flows.demo import refuse_demos_own
from flows.pipeline import steps
from flows.sources.identity import Verdict
from warehouse.config.catalog import Identifier, catalog
from warehouse.config.ecosystem import MOST_SUBJECTS, Ecosystem
from warehouse.config.edit import add_subject
from warehouse.config.settings import Settings, read_settings
from warehouse.config.spelling import subject_id
from warehouse.config.subject import Subject
from warehouse.errors import ConfigurationError


def add(
    name: str,
    id_: Annotated[
        str | None, typer.Option("--id", help="How addresses and SQL call it; else made of the name.")
    ] = None,
    first_release: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First public release; asked on a terminal."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(help="Add a tool of this theme, which is compared with nothing.")
    ] = None,
    belongs_to: Annotated[
        str | None, typer.Option(help="Subject that the tool belongs to, by its id.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write what is given in place of what a subject has.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write it although something is wrong.")] = False,
    **identifiers: Any,
) -> None:
    """Add a subject, or fill in what one lacks. What is given is verified, the rest looked for by the name.

    Of a subject that is there already, nothing is looked for where something is given. With `--theme` it is a
    tool around the subjects that is added.
    """
    settings = read_settings()
    refuse_demos_own(settings)
    ecosystem = steps.ecosystem_of(settings)
    released = _first_release(first_release and first_release.date(), settings)
    _require_one_kind(theme, belongs_to, released, replace=replace)
    wanted_id = subject_id(name) if id_ is None else id_
    _require_no_tool(name, wanted_id, ecosystem)
    if theme is not None:
        if present := _present(name, id_, ecosystem):
            raise ConfigurationError(f"add --theme: found the subject {present.id}, expected another name")
        told = {"id": wanted_id, "name": name, "theme": theme, "subject": belongs_to}
        add_tool(told, identifiers, settings, force=force)
        return
    given = Given(identifiers, released)
    if present := _present(name, id_, ecosystem):
        fill_in(present, given, ecosystem, settings, replace=replace, force=force)
        return
    _require_room(ecosystem)
    subject = described(wanted_id, name, given)
    if released is None and sys.stdin.isatty() and sys.stderr.isatty():
        subject = subject.model_copy(update={"first_release_on": _asked_for(name, settings)})
    findings = found_for(subject, tuple(catalog().naming), ecosystem, settings, force=force)
    question = add_subject(settings.config, completed(subject, findings))
    _tell_question(question, name, ecosystem)
    say(f"{settings.config}: added {subject.id}")
    if unasked := only(findings, Verdict.UNASKED):
        end_unasked(f"add: {listed(unasked)} could not be asked")


def _present(name: str, id_: str | None, ecosystem: Ecosystem) -> Subject | None:
    """Return the subject that is meant, if there is one; raises ConfigurationError for another's id."""
    known = ecosystem.subjects
    called = [each for each in known if each.name.casefold() == name.strip().casefold()]
    if called and id_ in (None, called[0].id):
        return called[0]
    new_id = subject_id(name) if id_ is None else id_
    for other in known:
        if other.id == new_id:
            found = f"found {new_id} in the configuration, expected another subject"
            raise ConfigurationError(
                f"add: {found}: it is the id of {other.name}, --id gives this one another"
            )
    return None


def _require_one_kind(
    theme: str | None, belongs_to: str | None, released: date | None, *, replace: bool
) -> None:
    if theme is None and belongs_to is not None:
        raise ConfigurationError(
            "add --belongs-to: found no --theme, expected one: subjects belong to nothing"
        )
    if theme is not None and (released or replace):
        option = "replace" if replace else "first-release"
        raise ConfigurationError(f"add --{option}: found --theme, expected it of subjects alone")


def _require_no_tool(name: str, id_: str, ecosystem: Ecosystem) -> None:
    for tool in ecosystem.tools:
        if tool.id == id_ or tool.name.casefold() == name.strip().casefold():
            found = f"found {tool.id} among the tools of the configuration"
            raise ConfigurationError(f"add: {found}, expected another name: change a tool in the file")


def _require_room(ecosystem: Ecosystem) -> None:
    if len(ecosystem.subjects) >= MOST_SUBJECTS:
        found = f"found {len(ecosystem.subjects):,} subjects in the configuration"
        raise ConfigurationError(f"add: {found}, which is all that there is room for")


def _first_release(day: date | None, settings: Settings) -> date | None:
    today = settings.clock().date()
    if day and day > today:
        raise ConfigurationError(f"add --first-release: found {day}, expected a day up to {today}")
    return day


def _asked_for(name: str, settings: Settings) -> date | None:
    def read(text: str) -> date | None:
        try:
            return _first_release(date.fromisoformat(text) if text else None, settings)
        except (ValueError, ConfigurationError) as error:
            raise typer.BadParameter(str(error)) from error

    question = f"When was {name} first released? A date like 2018-12-01, or nothing"
    told: date | None = typer.prompt(question, default="", show_default=False, err=True, value_proc=read)
    return told


def _tell_question(question: str, name: str, ecosystem: Ecosystem) -> None:
    """Say what the question is now, or that it names rivals and not this one."""
    named = [each.name for each in ecosystem.subjects if _names(question, each.name)]
    if question != ecosystem.question:
        say(f"the question is now: {question}")
    elif named and not _names(question, name):
        say(f"the question, {question}, names {', '.join(named)} and not {name}: change it in the file")


def _names(question: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE) is not None


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes identifiers an option for each source, behind its first two parameters."""
    told = inspect.signature(command)
    own = [one for one in told.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    options = [_option(source_id, source.identifier) for source_id, source in catalog().naming.items()]
    parameters = [*own[:2], *options, *own[2:]]
    command.__signature__ = told.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _option(source_id: str, identifier: Identifier) -> inspect.Parameter:
    """Return the option that tells what a subject is called at a source."""
    kind: Any = list[str] if identifier.many else str
    annotation = Annotated[kind | None, typer.Option(help=identifier.help)]
    return inspect.Parameter(
        source_id, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation
    )


add = _with_options(add)
