"""What an answer must be to be believed: one module per source, each field in use with type and range.

A shape raises ValueError with what was found and expected. Fields that nobody reads are ignored, so that
a source may add to its answers. Asking is not done here but in `flows.sources`; figures are SQL's work.
"""

import json
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from warehouse.config.catalog import catalog


class Shape(BaseModel):
    """A part of an answer; neither "12" nor true passes for the number 12."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


AnyShape = TypeVar("AnyShape")


def read_json(shape: type[AnyShape] | TypeAdapter[AnyShape], body: bytes | str) -> AnyShape:
    """Return a body as a shape, or as what an adapter reads; raises ValueError as `load_json` does."""
    load_json(body)
    reads = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    return reads.validate_json(body)


def load_json(body: bytes | str) -> Any:
    """Return what a body tells; raises ValueError for one that is no JSON, is too deep, or tells a key twice.

    Of a key that is told twice one reader takes the first value, another the last.
    """
    try:
        return json.loads(body, object_pairs_hook=_once_each)
    except RecursionError as error:
        raise ValueError("found lists within lists too deep to be read, expected an answer") from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"found the key {twice!r} more than once, expected one value for it")
    return told


def _number(sent: Any) -> Any:
    return int(sent) if isinstance(sent, str) and sent.isascii() and sent.isdecimal() else sent


def _possible(count: int) -> int:
    if count >= _most():
        raise ValueError(f"found {count}, expected a count below {_most():,}")
    return count


@cache
def _most() -> int:
    return max(source.bounds.count_below for source in catalog().values())


# JSON carries 64-bit integers as numbers or as strings, by taste of the server.
WrittenNumber = Annotated[int, BeforeValidator(_number)]
Count = Annotated[int, Field(ge=0), AfterValidator(_possible)]
WrittenCount = Annotated[Count, BeforeValidator(_number)]
# The warehouse holds names that are numbers in 64 bits.
Id = Annotated[int, Field(gt=0, lt=2**63)]
