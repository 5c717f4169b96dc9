"""`CITATION.cff` and `.zenodo.json`: whom to cite, for GitHub, Zotero and Zenodo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

About = Mapping[str, Any]
"""dataset.toml as it was read."""


def citation_file(about: About) -> str:
    """Return the dataset's `CITATION.cff` (Citation File Format 1.2.0). Texts are JSON strings, which YAML reads."""
    dataset = about["dataset"]
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {_text('If you use these data, please cite them with the version.')}",
        f"title: {_text(dataset['title'])}",
        f"version: {_text(dataset['version'])}",
        f"date-released: {_text(dataset['released'])}",
        f"license: {dataset['license']}",
        *([f"doi: {_text(dataset['doi'])}"] if "doi" in dataset else []),
        *([f"url: {_text(dataset['homepage'])}"] if "homepage" in dataset else []),
        "authors:",
    ]
    for author in about["authors"]:
        lines.append(f"  - name: {_text(author['name'])}")
        if "url" in author:
            lines.append(f"    website: {_text(author['url'])}")
    lines += [
        "keywords:",
        *(f"  - {_text(keyword)}" for keyword in dataset["keywords"]),
        f"abstract: {_text(dataset['description'].strip())}",
    ]
    return "\n".join(lines) + "\n"


def zenodo_file(about: About) -> str:
    """Return `.zenodo.json`, which Zenodo reads from a repository in place of `CITATION.cff`."""
    dataset = about["dataset"]
    record = {
        "upload_type": "dataset",
        "title": dataset["title"],
        "version": dataset["version"],
        "publication_date": dataset["released"],
        "description": dataset["description"].strip(),
        "creators": [{"name": author["name"]} for author in about["authors"]],
        "access_right": "open",
        "license": dataset["license"].lower(),
        "keywords": dataset["keywords"],
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def citation(about: About) -> str:
    """Return one line to cite the release by."""
    dataset = about["dataset"]
    authors = "; ".join(author["name"] for author in about["authors"])
    where = f" https://doi.org/{dataset['doi']}" if "doi" in dataset else ""
    return f"{authors} ({dataset['released'][:4]}). {dataset['title']}. Version {dataset['version']}. Data set.{where}"


def root_files(about: About) -> dict[str, str]:
    """Return the files at the root of the repository that are made from dataset.toml, by name."""
    return {"CITATION.cff": citation_file(about), ".zenodo.json": zenodo_file(about)}


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
