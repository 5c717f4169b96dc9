"""`README.md` of a release: what it holds and how to load it. Its head lets `datasets.load_dataset` read every table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from standoff.release.citation import citation
from standoff.release.origins import creators, statement
from standoff.tables import TABLES

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""Size classes of the Hugging Face hub, by the number of events."""

OFFSETS = (
    "Every table lies here as Parquet and as CSV, and all of them in one workbook. Codes are text. Offsets count "
    "Unicode code points from 0, the end exclusive, in the text whose SHA-256 is in `documents`; the texts "
    "themselves are {where}."
)

LOADING = """\
```python
import polars as pl
events = pl.read_parquet("events.parquet")

import pandas as pd
events = pd.read_parquet("events.parquet")          # or, as text: pd.read_csv("events.csv", dtype="string")

import duckdb
duckdb.sql("select actor_id, target_id, action from 'dyads.parquet'")

from datasets import load_dataset
events = load_dataset("path/of/this/folder", "events", split="train")
```

```r
events <- arrow::read_parquet("events.parquet")
events <- read.csv("events.csv", colClasses = "character", na.strings = "", encoding = "UTF-8")
```

In a spreadsheet, open the `.xlsx` and not the CSV: a spreadsheet that opens the CSV turns the code `010` into 10.
"""


def card(about: Mapping[str, Any], frames: Mapping[str, pl.DataFrame], files: list[str]) -> str:
    """Return the card: `files` are the names of the other files in the release."""
    dataset = about["dataset"]
    tables = "\n".join(
        f"| `{table.name}` | {frames[table.name].height:,} | {table.description} |"
        for table in TABLES.values()
    )
    sections = [
        f"# {dataset['title']}",
        f"Version {dataset['version']}, {dataset['released']}. Licence: {dataset['license']}.",
        dataset["description"].strip(),
        "## Tables",
        f"| table | rows | what it holds |\n|---|---:|---|\n{tables}",
        OFFSETS.format(where=_texts(about)),
        *_contents(about),
        "## Loading",
        LOADING.strip(),
        *_responsible_use(about.get("responsible_use", {})),
        "## Other files",
        "\n".join(f"- `{name}`{_purpose(name)}" for name in files),
        "## Citation",
        citation(about),
    ]
    return _head(dataset, frames, creators(about)) + "\n" + "\n\n".join(sections) + "\n"


def _texts(about: Mapping[str, Any]) -> str:
    included = about.get("contents", {}).get("includes_text", False)
    return "in the folder `documents`" if included else "not part of the release"


def _contents(about: Mapping[str, Any]) -> list[str]:
    """The section on what is in the release and who made it, if the dataset says so."""
    said = statement(about)
    lines = "\n".join(f"- {heading}: {words}" for heading, words in said.items())
    return ["## Contents", lines] if said else []


def _head(dataset: Mapping[str, Any], frames: Mapping[str, pl.DataFrame], made_by: list[str]) -> str:
    """The YAML block that the hub reads; texts are JSON strings."""
    size = next((name for most, name in SIZES if frames["events"].height < most), "1M<n<10M")
    configs = [
        f"  - config_name: {name}\n    data_files: {name}.parquet"
        + ("\n    default: true" * (name == "events"))
        for name in TABLES
    ]
    return "\n".join(
        [
            "---",
            f"license: {dataset['license'].lower()}",
            f"pretty_name: {json.dumps(dataset['title'], ensure_ascii=False)}",
            f"language:\n  - {dataset.get('language', 'en')}",
            f"size_categories:\n  - {size}",
            *(["annotations_creators:", *(f"  - {name}" for name in made_by)] if made_by else ()),
            "tags:",
            *(f"  - {json.dumps(keyword, ensure_ascii=False)}" for keyword in dataset["keywords"]),
            "configs:",
            *configs,
            "---",
            "",
        ]
    )


_HEADINGS = {
    "collection": "Where the documents come from",
    "annotation": "How it was made",
    "limitations": "What it cannot show",
    "biases": "How it may lean",
    "personal_information": "What it says about people",
    "uses": "What it is for",
    "social_impact": "Who could be harmed",
    "maintenance": "How errors are fixed",
}
_PURPOSES = {
    "AGREEMENT.md": "how far independent passes agree",
    "agreement.json": "how far independent passes agree, for programs",
    "CODEBOOK.md": "how the coding was done, rule by rule",
    "DATASHEET.md": "who made the data from what, and what they must not be used for",
    "LICENSE-DATA": "the licence",
    "CHANGES.md": "what changed since the release before",
    "CITATION.cff": "how to cite it, for programs",
    "SHA256SUMS": "check the files with `sha256sum --check SHA256SUMS`",
    "build.json": "rows and hash of each table, and the tools that the bytes depend on",
    "changes.csv": "what changed since the release before, with a line for each row or cell",
    "croissant.json": "description for machine-learning tools",
    "docs/readers/README.md": "who made the blind passes, and what qualifies their independence",
    "docs/readers/guide.md": "the guide that the readers of the blind passes had",
    "docs/readers/registry.csv": "the registry of actors that they had, without notes",
    "explore.html": "look at the events in a browser; it needs no network",
    "datapackage.json": "every column of every table, for programs",
    "retired.csv": "ids that were withdrawn, with the reason",
}


def _responsible_use(use: Mapping[str, str]) -> list[str]:
    return [
        part for key, title in _HEADINGS.items() if key in use for part in (f"## {title}", use[key].strip())
    ]


def _purpose(name: str) -> str:
    purpose = "all tables in one workbook" if name.endswith(".xlsx") else _PURPOSES.get(name)
    return f": {purpose}" if purpose else ""
