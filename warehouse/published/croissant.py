"""The exported tables as Croissant, which catalogues and loaders of data for machine learning read.

It says of the Parquet files what the data package says of the CSV files, but for which column refers to which
table: what has references mlcroissant 1.1.1 reads once, and without a row when it is read again.
Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html, version 1.0.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
DATA_TYPES = {
    "string": "sc:Text",
    "number": "sc:Float",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


OF_ALL, OF_TABLE = " Among them are sample data.", " It has sample data."


def croissant(
    package: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], url: str | None
) -> dict[str, Any]:
    """Return the description of a data package's tables, of which the manifest names the Parquet files.

    The standard wants an address of the data; where the site's is not known, it is the folder's own.
    """
    files = {
        table["table"]: file for table in tables for file in table["files"] if file["format"] == "parquet"
    }
    day, sample = date.fromisoformat(package["version"]), OF_ALL if package["sample"] else ""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package["name"],
        "description": f"{package['title']} {package['description']}{sample}",
        "license": package["description"],
        "url": url or "./",
        "citeAs": f"{package['title']} Barometer, as of {day}.{sample}",
        "version": f"{day.year}.{day.month}.{day.day}",
        "datePublished": package["created"],
        "isLiveDataset": True,
        "creator": {"@type": "sc:Organization", "name": "Barometer"},
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file["path"],
                "name": file["path"],
                "contentUrl": file["path"],
                "contentSize": f"{file['bytes']} B",
                "encodingFormat": "application/x-parquet",
                "sha256": file["sha256"],
            }
            for file in files.values()
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": one["name"],
                "name": one["name"],
                "description": one["description"] + (OF_TABLE if one["sample"] else ""),
                "field": list(_fields(one, files[one["name"]]["path"])),
            }
            for one in package["resources"]
        ],
    }


def _fields(resource: Mapping[str, Any], file: str) -> Iterator[dict[str, Any]]:
    for column in resource["schema"]["fields"]:
        yield {
            "@type": "cr:Field",
            "@id": f"{resource['name']}/{column['name']}",
            "name": column["name"],
            "description": column.get("description", ""),
            "dataType": DATA_TYPES[column["type"]],
            "source": {"fileObject": {"@id": file}, "extract": {"column": column["name"]}},
        }
