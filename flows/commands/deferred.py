"""Commands that are imported when they are called: to import what all of them need takes most of a second.

What the list of commands tells of one, its docstring, is read in the text of its module.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command


class Deferred(TyperCommand):
    """A command in the place of one that has not been imported: it knows its name and its help."""

    def __init__(self, module: str, function: str) -> None:
        super().__init__(function.replace("_", "-"), help=_docstrings(module)[function])
        self._module, self._function = module, function

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Return a context of the command itself."""
        return self._command().make_context(*arguments, **options)

    def _command(self) -> Any:
        function: Callable[..., None] = getattr(import_module(self._module), self._function)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name, cls=TakingAsTold)(function)
        return get_command(alone)


class TakingAsTold(TyperCommand):
    """A command that takes what is of a parameter's type already as it is, as texts and defaults are.

    Typer would validate it all the same, by pydantic, which takes as long to import as DuckDB. Where a
    version of Typer does so in another way, this changes nothing.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, that for help among them."""
        return taking_as_told(super().get_params(ctx))


def taking_as_told(parameters: list[Any]) -> list[Any]:
    """Return parameters, each of which validates what is not of its type yet, and nothing else."""
    for parameter in parameters:
        validating = getattr(parameter, "get_runtime_param", None)
        if validating and not isinstance(validating, partial):
            parameter.get_runtime_param = partial(_AsTold, validating)
    return parameters


@dataclass(frozen=True)
class _AsTold:
    """Takes the place of what validates a parameter, which it asks for any other value."""

    validating: Callable[[], Any]

    def coerce(self, value: Any, param: Any, **options: Any) -> Any:
        kind = param.type_descriptor.annotation
        if isinstance(kind, type) and isinstance(value, kind):
            return value
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        return self.validating().coerce(value, param=param, **options)


def commands_in(module: str) -> list[Deferred]:
    """Return the commands that a module names as its COMMANDS; none where there is no such module."""
    if find_spec(module) is None:
        return []
    named = (node for node in _tree(module).body if isinstance(node, ast.Assign))
    functions = [
        name.id
        for assigned in named
        if ast.unparse(assigned.targets[0]) == "COMMANDS"
        for name in ast.walk(assigned.value)
        if isinstance(name, ast.Name)
    ]
    return [Deferred(module, function) for function in functions]


@cache
def _docstrings(module: str) -> Mapping[str, str | None]:
    functions = (node for node in _tree(module).body if isinstance(node, ast.FunctionDef))
    return {function.name: ast.get_docstring(function) for function in functions}


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec and spec.origin
    return ast.parse(Path(spec.origin).read_bytes())
