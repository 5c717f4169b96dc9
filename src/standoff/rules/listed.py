"""Rules that compare values with published lists: languages, licences, and the versions that were released."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path as FilePath

from standoff import schema
from standoff.findings import Data
from standoff.model.places import Path
from standoff.model.versions import Version
from standoff.rules.form import FORM, path_name, show_value
from standoff.rules.history import releases_of, version_of
from standoff.rules.rule import CORPUS, FILE, Fault, NotRun, rule
from standoff.source.corpus import Corpus
from standoff.source.files import SourceFile


@rule(FILE, requires=FORM)
def unknown_language(file: SourceFile) -> Iterator[Fault]:
    """The language is not a code of ISO 639-1, or a longer code is used although a two-letter code exists.

    Write a BCP 47 tag: the two-letter code of the language (en, not eng), or its three-letter code where it has no
    other. Codes of three letters are not looked up. A region is a two-letter code of ISO 3166-1 (en-GB, not en-UK).
    """
    key = "dataset" if file.kind == "dataset" else "document"
    about = file.value.get(key) if isinstance(file.value, dict) else None
    tag = about.get("language") if isinstance(about, dict) else None
    if not isinstance(tag, str):
        return
    primary, *rest = tag.split("-")
    two, shorter = _languages()
    if len(primary) == 2 and primary not in two:
        yield Fault(
            (key, "language"),
            f"{show_value(tag)} is not the code of a language",
            "write its code of ISO 639-1, such as en or ar",
            data=Data(expected=["a code of ISO 639-1"]),
        )
    elif primary in shorter:
        meant = "-".join([shorter[primary], *rest])
        yield Fault(
            (key, "language"),
            f"{show_value(tag)} is the longer code of a language",
            f"write {meant}, the shortest code of the language",
            closest=meant,
        )
    else:
        region = next((part for part in rest if len(part) == 2 and part.isalpha()), None)
        if region is not None and region.upper() not in _regions():
            yield Fault(
                (key, "language"),
                f"{region} in {show_value(tag)} is not the code of a region",
                "write a two-letter code of ISO 3166-1, such as GB, or the language alone",
                closest=tag.replace(f"-{region}", "-GB") if region.upper() == "UK" else None,
            )


@cache
def _regions() -> frozenset[str]:
    """Return the two-letter codes of ISO 3166-1, from `schema/languages/iso3166.txt`, and XK, which CLDR has for Kosovo."""
    lines = (schema.folder() / "languages" / "iso3166.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


@cache
def _languages() -> tuple[frozenset[str], dict[str, str]]:
    """Return the two-letter codes of languages, and their three-letter codes with the two-letter code of each.

    Source: ISO 639-1 and 639-2 code lists (Library of Congress, registration authority), in `schema/languages/iso639.csv`.
    """
    with (schema.folder() / "languages" / "iso639.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    longer = {row[column]: row["two"] for row in rows for column in ("three", "bibliographic") if row[column]}
    return frozenset(row["two"] for row in rows), longer


@rule(FILE, requires=FORM)
def unknown_licence(file: SourceFile) -> Iterator[Fault]:
    """A licence is not in the SPDX list of licences.

    Write the identifier of the list (spdx.org/licenses), such as CC-BY-4.0 or CC0-1.0. For a licence that the list
    does not have, write LicenseRef- and a name. Coordinates may also be "public domain".
    """
    for path, text in _licences(file):
        if path[0] == "places" and text == "public domain":
            continue
        known = _spdx()
        right = known.get(text.lower())
        if text.startswith("LicenseRef-") or right == text:
            continue
        near = difflib.get_close_matches(text.lower(), known, n=1, cutoff=0.7)
        yield Fault(
            path,
            f"{path_name(path)} is {show_value(text)}, which is not in the SPDX list of licences",
            "write an identifier of the list, or LicenseRef- and a name if the list does not have the licence",
            closest=right or (known[near[0]] if near else None),
        )


def _licences(file: SourceFile) -> Iterator[tuple[Path, str]]:
    if file.kind == "dataset" and isinstance(file.value, dict):
        yield ("dataset", "license"), file.value["dataset"]["license"]
    elif file.kind == "places":
        for i, item in file.items("places"):
            if "coordinates" in item:
                yield ("places", i, "coordinates", "licence"), item["coordinates"]["licence"]


@cache
def _spdx() -> dict[str, str]:
    """Return the identifiers of the SPDX list by themselves in lower case."""
    lines = (schema.folder() / "licences.txt").read_text(encoding="utf-8").splitlines()
    return {line.lower(): line for line in lines if not line.startswith("#")}


@rule(CORPUS, requires=FORM)
def version_below_release(corpus: Corpus) -> Iterator[Fault]:
    """The version in `dataset.toml` is lower than that of the newest release.

    Write the newest release's version or a higher one. While the data changes, it has .dev and a number.
    """
    version, releases = version_of(corpus), dict[Version, FilePath]()
    with suppress(NotRun):
        releases = releases_of(corpus)
    newest = max(releases, default=None)
    if version is None or newest is None:
        return
    since = {entry.since for entry in corpus.retired}
    if version in releases and not any(str(later) in since for later in releases if later > version):
        return  # a release that is out may be built again from its own sources
    if version.release < newest:
        yield Fault(
            ("dataset", "version"),
            f"version {version} is lower than {newest}, which is released",
            f"write {newest.after('minor')}.dev1, or another version after {newest}",
            file=corpus.meta,
            data=Data(expected=[f"at least {newest}"]),
        )


# A publication date that the document's own events contradict is the wrong one of the two.
RELEASED = (
    "day-impossible",
    "day-in-future",
    "version-below-release",
    "publication-date-malformed",
    "publication-date-contradicted",
)


@rule(CORPUS, requires=(*RELEASED, *FORM))
def release_date_too_early(corpus: Corpus) -> Iterator[Fault]:
    """The day `released` in `dataset.toml` is before the newest release, a publication date, or the end of a reader's task.

    Write the day on which this version was cut. A development version keeps that of the newest release.
    """
    if not isinstance(corpus.meta.value, dict):
        return
    stated = corpus.meta.value["dataset"]["released"]
    reasons: list[tuple[str, str]] = []
    for file in corpus.files:
        published = file.document.published.value if file.document is not None else None
        if file.document is not None and published is not None and published.earliest is not None:
            reasons.append((published.earliest.isoformat(), f"{file.document.id} was published"))
    version = version_of(corpus)
    if (
        version is not None and version.cut
    ):  # while the data changes, `released` is that of the release before
        reasons += (
            (reader["completed"], f"{reader['id']} completed a task")
            for reader in corpus.annotators
            if "completed" in reader
        )
    with suppress(NotRun, OSError, ValueError, KeyError):
        releases = releases_of(corpus)
        newest = max(each for each in releases if version is None or each <= version)
        described = json.loads((releases[newest] / "datapackage.json").read_text(encoding="utf-8"))
        reasons.append((described["created"][:10], f"version {newest} was released"))
    latest, what = max(reasons, default=("", ""))
    if stated < latest:
        yield Fault(
            ("dataset", "released"),
            f"released is {stated}, but {what} on {latest}",
            "write the day on which this version was cut, or correct the other day",
            file=corpus.meta,
            data=Data(expected=[f"at least {latest}"]),
        )
