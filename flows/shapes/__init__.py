"""What an answer must be to be believed: one module per source, each field in use with type and range.

A shape raises ValueError with what was found and expected. Fields that nobody reads are ignored, so that
a source may add to its answers. Asking is not done here but in `flows.sources`; figures are SQL's work.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Shape(BaseModel):
    """A part of an answer; neither "12" nor true passes for the number 12."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def _number(sent: Any) -> Any:
    return int(sent) if isinstance(sent, str) and sent.isdecimal() else sent


# The warehouse holds counts in 64 bits; a number beyond them would end the whole build.
Count = Annotated[int, Field(ge=0, lt=2**63)]
# JSON carries 64-bit integers as numbers or as strings, by taste of the server.
WrittenCount = Annotated[Count, BeforeValidator(_number)]
