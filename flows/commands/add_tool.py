"""A tool around the subjects added to the configuration: `barometer add --theme`."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from flows.commands.fill_in import refuse
from flows.commands.identifier_report import end_unasked, listed, only, write_findings
from flows.commands.identifiers import resolve, verify
from flows.console.progress import shown
from flows.console.say import say
from flows.sources.identity import Finding, Verdict, named
from warehouse.config.catalog import catalog
from warehouse.config.edit import add_tool as write_tool
from warehouse.config.settings import Settings
from warehouse.config.toml_errors import describe
from warehouse.config.tool import Tool
from warehouse.errors import ConfigurationError


def add_tool(
    told: Mapping[str, Any], identifiers: Mapping[str, Any], settings: Settings, *, force: bool
) -> None:
    """Add a tool: what is given is verified, what is left out looked for by its name.

    `told` has its id, name, theme and subject. Raises ConfigurationError, with nothing written, where
    something is wrong, unless by `force`, or where it has no name at any source.
    """
    given = {key: value for key, value in identifiers.items() if value not in (None, [])}
    tool = _valid({**told, **given})
    findings = _found_for(tool, settings)
    if not force:
        refuse(findings)
    found = {one.source_id: one.identifier for one in only(findings, Verdict.RIGHT)}
    missing = {source_id: name for source_id, name in found.items() if not tool.identifiers(source_id)}
    whole = _valid({**told, **given, **missing})
    if not any(whole.identifiers(source_id) for source_id in catalog().naming_tools):
        if unasked := only(findings, Verdict.UNASKED):
            end_unasked(f"add: {listed(unasked)} could not be asked; nothing was written")
        raise ConfigurationError(f"add: found {tool.name} at no source, expected it at one at least")
    write_tool(settings.config, whole)
    say(f"{settings.config}: added the tool {whole.id}")


def _found_for(tool: Tool, settings: Settings) -> Sequence[Finding]:
    findings: list[Finding] = []
    with shown():
        for source_id in catalog().naming_tools:
            if given := named([tool], source_id):
                findings += verify(source_id, given, settings)
            else:
                findings.append(resolve(source_id, tool.name, settings))
    write_findings(findings)
    return findings


def _valid(told: Mapping[str, Any]) -> Tool:
    try:
        return Tool.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--{}".format(
            {"subject": "belongs-to"}.get(key := str(first["loc"][0]), key.replace("_", "-"))
        )
        _, mistake = describe({**first, "loc": (option,)}, "", {"": Tool})
        raise ConfigurationError(f"add: {mistake}") from error
