"""`croissant.json`: the release for machine-learning tools and dataset search (Croissant 1.1 with RAI 1.0).

Croissant is schema.org/Dataset in JSON-LD. It wants text and types of its own for Parquet; a dataset without a
public address has no `url`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standoff.release.citation import citation
from standoff.release.datapackage import license_url
from standoff.tables import TABLES, Column, Table

CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
PARQUET = "application/x-parquet"
"""mlcroissant 1.1.1 reads Parquet under this name, not under the one that IANA has registered."""

RESPONSIBLE_USE = {
    "collection": "rai:dataCollection",
    "annotation": "rai:dataAnnotationProtocol",
    "limitations": "rai:dataLimitations",
    "biases": "rai:dataBiases",
    "personal_information": "rai:personalSensitiveInformation",
    "uses": "rai:dataUseCases",
    "social_impact": "rai:dataSocialImpact",
    "maintenance": "rai:dataReleaseMaintenancePlan",
}
"""The texts under [responsible_use] in dataset.toml, and the properties that they become."""

LEAVES = frozenset(
    table.name for table in TABLES.values() if not any(column.references for column in table.columns)
)
"""Tables that refer to no other: mlcroissant 1.1.1 joins what is referred to, and fails on a chain of references.

`datapackage.json` holds all references.
"""

TERMS = (
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileProperty",
    "fileObject",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
)
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{name: f"cr:{name}" for name in TERMS},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
"""The vocabulary; consumers compare it with the one that the specification prints."""


def croissant(about: Mapping[str, Any], folder: Path, tables: Mapping[str, Table] = TABLES) -> dict[str, Any]:
    """Describe the Parquet files of the release in `folder`; `about` is dataset.toml as read."""
    dataset = about["dataset"]
    use = about.get("responsible_use", {})
    models = [
        f"{annotator['name']}, {annotator['id']}: {annotator['task']}"
        for annotator in about["annotators"]
        if annotator["kind"] == "language model"
    ]
    # Where the ids resolve: without a public address they are relative to wherever the file is.
    base = {"@base": f"{dataset['base'].rstrip('/')}/v{dataset['version']}/"} if "base" in dataset else {}
    return {
        "@context": {**base, **dict(sorted(CONTEXT.items()))},
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": dataset["name"],
        "alternateName": dataset["title"],
        "description": dataset["description"].strip(),
        "version": dataset["version"],
        "datePublished": dataset["released"],
        "license": license_url(dataset["license"]),
        "citeAs": citation(about),
        "creator": [{"@type": "sc:Organization", "name": author["name"]} for author in about["authors"]],
        "inLanguage": dataset.get("language", "en"),
        "keywords": dataset["keywords"],
        **({"genre": about["contents"]["genre"]} if "contents" in about else {}),
        "isLiveDataset": False,
        **({"url": dataset["homepage"]} if "homepage" in dataset else {}),
        **{name: use[key].strip() for key, name in RESPONSIBLE_USE.items() if key in use},
        **({"rai:machineAnnotationTools": models} if models else {}),
        "distribution": [_file(table, folder / f"{table.name}.parquet") for table in tables.values()],
        "recordSet": [_record_set(table) for table in tables.values()],
    }


def _file(table: Table, path: Path) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "description": table.description,
        "contentUrl": path.name,
        "encodingFormat": PARQUET,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": column.kind.croissant,
        "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": column.name}},
    }
    if column.references and column.references.partition(".")[0] in LEAVES:
        field["references"] = {"field": {"@id": column.references.replace(".", "/")}}
    return field
