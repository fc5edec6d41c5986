"""What a file of Anaconda's package data must be to be believed: its version, its columns and its rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, TypeAdapter

from flows.client.answer_model import Count, Shape
from flows.client.parts import RemoteFile, query_file

# A tenth of it is usual.
LARGEST_BYTES = 2**27
COLUMNS = ("time", "data_source", "pkg_name", "pkg_version", "pkg_platform", "counts")

# The rows are small and few, once the packages are known by name.
ROWS = f"""
select {", ".join(f'"{column}"' for column in COLUMNS)}
from read_parquet('parts://file')
where pkg_name in ({{names}}) and data_source || '/' || pkg_name in ({{packages}})
order by all
"""


class Version(Shape):
    """Which version of a file there is; `size` in bytes."""

    etag: str
    size: Count
    last_modified: str


def read_version(headers: Mapping[str, str]) -> Version:
    """Return which version of a file the headers tell of; raises ValueError where they tell of none."""
    etag, size = headers.get("ETag", ""), headers.get("Content-Length", "")
    last_modified = headers.get("Last-Modified", "")
    is_size = re.fullmatch("[0-9]{1,12}", size) and 0 < int(size) <= LARGEST_BYTES
    if not re.fullmatch('"[!#-~]+"', etag) or not is_size or not last_modified:
        found = f"ETag {etag!r}, Content-Length {size!r}, Last-Modified {last_modified!r}"
        raise ValueError(f"found {found}, expected a version and at most {LARGEST_BYTES:,} bytes")
    return Version(etag=etag, size=int(size), last_modified=last_modified)


def _whole(sent: Any) -> Any:
    return int(sent) if isinstance(sent, float) and sent.is_integer() else sent


class Row(NamedTuple):
    """How often a version of a package was downloaded for a platform; one for each version of Python."""

    time: str
    data_source: str
    pkg_name: str
    pkg_version: str | None
    pkg_platform: str | None
    counts: Annotated[Count, BeforeValidator(_whole)]


_ROWS = TypeAdapter(list[Row])


def read_rows(file: RemoteFile, month: str, packages: Sequence[str]) -> Mapping[str, list[Row]]:
    """Return the rows of packages, each channel/name, in a month's file; none of one that it does not have.

    Raises ValueError for a file that is no such one, or of another month.
    """
    names = list(dict.fromkeys(package.partition("/")[2] for package in packages))
    sql = ROWS.format(names=", ".join("?" * len(names)), packages=", ".join("?" * len(packages)))
    told: dict[str, list[Row]] = {package: [] for package in packages}
    for row in _ROWS.validate_python(query_file(file, sql, [*names, *packages])):
        if row.time != month:
            raise ValueError(f"found rows of {row.time}, expected those of {month}")
        told[f"{row.data_source}/{row.pkg_name}"].append(row)
    return told
