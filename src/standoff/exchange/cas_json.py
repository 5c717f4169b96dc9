"""UIMA CAS JSON 0.4, with its types in every file: what INCEpTION calls UIMA CAS JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.exchange import cas, json_stream, reading
from standoff.exchange.cas import ARRAY, VIEW, Structure
from standoff.exchange.coded import Coded, Source
from standoff.exchange.documents import Documents
from standoff.exchange.frames import Texts
from standoff.exchange.json_out import indented, ready
from standoff.exchange.labels import Labels
from standoff.exchange.losses import Losses
from standoff.exchange.records import Intake, mark_duplicates
from standoff.exchange.values import NotARecord

NAME = "cas-json"
SUFFIX = ".json"


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one file for each document. Every document must have its text."""
    named = {
        name: {
            "%NAME": name,
            "%SUPER_TYPE": above,
            **{feature: {"%NAME": feature, "%RANGE": found} for feature, found in own},
        }
        for name, above, own in cas.features()
    }

    types = ready(named, 1)

    def write_one(coded: Coded, losses: Losses) -> None:
        whole = {"%TYPES": types, **_document(cas.structures(coded, losses))}
        path = folder / f"{coded.document.id}{SUFFIX}"
        path.write_bytes((indented(whole) + "\n").encode())

    source.write_each(write_one, losses)


def _document(made: list[Structure]) -> dict[str, Any]:
    """Return the structures of a document and its view. Slots are arrays, which follow the structures."""
    last = len(made)
    listed: list[dict[str, Any]] = []
    arrays: list[dict[str, Any]] = []
    for each in made:
        value: dict[str, Any] = {"%ID": each.id, "%TYPE": each.type}
        if "begin" in each.values:
            value["@sofa"] = 1
        value |= each.values
        for name, ids in each.refs.items():
            if name == "target":
                value["@target"] = ids[0]
            else:
                last += 1
                value[f"@{name}"] = last
                arrays.append({"%ID": last, "%TYPE": ARRAY, "%ELEMENTS": ids})
        listed.append(value)
    members = [each.id for each in made if "begin" in each.values]
    return {"%FEATURE_STRUCTURES": listed + arrays, "%VIEWS": {VIEW: {"%SOFA": 1, "%MEMBERS": members}}}


def read(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read a file, or every one in a folder."""
    files = cas.files_of(path, SUFFIX)
    intake, texts = Intake(str(path), NAME), Texts(documents)
    for file, name in reading.each(files):
        for line, value, why in json_stream.records(file):
            try:
                if why:
                    raise NotARecord(why)
                cas.read(_structures(value, line), [file.stem], name, labels or Labels(), texts, intake)
            except (NotARecord, TypeError, AttributeError) as error:
                intake.unparsable(line, f"not a CAS in JSON: {error}", name)
    mark_duplicates(intake)
    return intake


def _structures(value: Any, line: int) -> Iterator[Structure]:
    listed = value.get("%FEATURE_STRUCTURES") if isinstance(value, Mapping) else None
    if isinstance(listed, Mapping):  # written as an object of ids
        listed = [{"%ID": int(key), **each} for key, each in listed.items() if str(key).isdigit()]
    if not isinstance(listed, list):
        legacy = isinstance(value, Mapping) and not value.keys().isdisjoint(("_views", "_referenced_fss"))
        what = "it is JSON of an older form (legacy)" if legacy else "it has no %FEATURE_STRUCTURES"
        raise NotARecord(f"{what}; export it as UIMA CAS JSON 0.4")
    for each in listed:
        if not isinstance(each.get("%ID"), int) or not isinstance(each.get("%TYPE"), str):
            raise NotARecord("a feature structure has no %ID or %TYPE")
        found = Structure(each["%ID"], each["%TYPE"], line=line)
        for name, inner in each.items():
            if name.startswith("@") and isinstance(inner, int):
                found.refs[name[1:]] = [inner]
            elif name == "%ELEMENTS" and isinstance(inner, list):
                found.refs["elements"] = [ref for ref in inner if isinstance(ref, int)]
                if texts := [each for each in inner if isinstance(each, str)]:
                    found.values["elements"] = "; ".join(texts)
            elif name[:1] not in "@%^" and isinstance(inner, str | int | float):
                found.values[name] = inner if isinstance(inner, str | int) else str(inner)
        yield found
