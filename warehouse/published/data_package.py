"""The exported tables as others describe and cite data: a Frictionless data package and a citation file.

The package is the one declaration of the columns of each CSV file; it follows the standard's version 2.
Source: https://datapackage.org/standard/data-package/; the citation follows the Citation File Format 1.2.0.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from warehouse.config.catalog import catalog
from warehouse.config.terms import LICENCE

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

# What the published types are called there; a column of another type is not to be exported unnoticed.
FIELD_TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}

# The tables that a column of that name refers to, by their own column of it.
KEYS = {"metric_id": "metrics", "subject_id": "subjects", "tool_id": "tools", "claim_id": "claims"}


def data_package(tables: Sequence[Mapping[str, Any]], build: Mapping[str, Any]) -> dict[str, Any]:
    """Return the descriptor of the CSV files, from what the manifest says of each table."""
    keyed = {table["table"] for table in tables if table["files"]}
    return {
        "$schema": PROFILE,
        "name": "barometer",
        "title": build["question"],
        "description": LICENCE + " The column `licence` of `metrics` has the terms of each metric's source.",
        "version": f"{_as_of(build)}",
        "created": build["built_at"].isoformat(),
        "contributors": [{"title": "Barometer", "roles": ["aggregator"]}],
        "sources": _sources({name for table in tables for name in table["sources"]}),
        "sample": any(table["sample"] for table in tables),
        "resources": [_resource(table, keyed) for table in tables if table["files"]],
    }


def citation(tables: Sequence[Mapping[str, Any]], build: Mapping[str, Any]) -> str:
    """Return a CITATION.cff of the figures as of the build's day, with a reference for each source."""
    demo = " (demo: sample and past figures)" if build["demo"] else ""
    told = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "Cite the figures with their day, and the sources that they are from.",
        "title": f"Barometer: {build['question']}{demo}",
        "abstract": LICENCE,
        "authors": [{"name": "Barometer"}],
        "version": build["code_version"],
        "date-released": _as_of(build),
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{build['archive_sha256']}",
                "description": "Digest of the archived answers that the figures are made from.",
            }
        ],
        "references": [
            {
                "type": "data",
                "title": one["title"],
                "authors": [{"name": one["title"]}],
                "notes": one["terms"],
            }
            | ({"url": one["path"]} if "path" in one else {})
            for one in _sources({name for table in tables for name in table["sources"]})
        ],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def _as_of(build: Mapping[str, Any]) -> str:
    return f"{build['as_of'] or build['built_at']:%Y-%m-%d}"


def _resource(table: Mapping[str, Any], tables: set[str]) -> dict[str, Any]:
    (file,) = (file for file in table["files"] if file["format"] == "csv")
    description = [table["definition"], *table["caveats"]]
    return {
        "name": table["table"],
        "type": "table",
        "path": file["path"],
        "description": " ".join(filter(None, description)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "sample": table["sample"],
        **({"sources": _sources(set(table["sources"]))} if table["sources"] else {}),
        "schema": {
            "fields": [_field(column) for column in table["columns"]],
            "missingValues": [""],
            "foreignKeys": list(_foreign_keys(table, tables)),
        },
    }


def _field(column: Mapping[str, Any]) -> dict[str, Any]:
    told = filter(None, (column["definition"], column["caveat"]))
    field = {
        "name": column["name"],
        "type": FIELD_TYPES[column["type"]],
        "description": " ".join(told),
        "unit": column["unit"],
    }
    if field["type"] == "datetime":
        field["format"] = "any"  # a space between day and time, the zone as +00
    return {name: value for name, value in field.items() if value}


def _foreign_keys(table: Mapping[str, Any], tables: set[str]) -> Iterator[dict[str, Any]]:
    for column in table["columns"]:
        name = column["name"]
        of = KEYS.get(name)
        if of in tables and of != table["table"]:
            reference = {"resource": of, "fields": [name]}
            yield {"fields": [name], "reference": reference}


def _sources(names: set[str]) -> list[dict[str, str]]:
    return [_source(name) for name in sorted(names) if name in catalog()]


def _source(source_id: str) -> dict[str, str]:
    """Return a source as the standard has it; one that is asked nothing has no address."""
    declared = catalog()[source_id]
    address = next((host.url for host in declared.services.values()), None)
    return {"title": declared.name, "terms": declared.terms} | ({"path": address} if address else {})
