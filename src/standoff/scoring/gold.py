"""The gold: a release of any edition, or a dataset folder, as records to score against."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from standoff.exchange import releases
from standoff.exchange.documents import Document, Documents
from standoff.exchange.records import Record
from standoff.exchange.releases import TABLES, Row, by
from standoff.findings import UsageError
from standoff.loaders import sources, store
from standoff.loaders.hydration import find_copies
from standoff.model.actors import Actor, Affiliation, Registry
from standoff.model.spans import Span
from standoff.scoring import codes as code_lists
from standoff.scoring.acts import Act, Resolver
from standoff.scoring.codes import CodeTree
from standoff.scoring.names import names_of

Copy = tuple[Path, str]
"""Where a document's text is, and the text."""
CROISSANT = "croissant.json"
LANGUAGE_MODEL = "language model"
NEEDED = frozenset(("documents", "events", "participants", "negatives", "actors", "affiliations", "actions"))


@dataclass(frozen=True, slots=True)
class Negative:
    """A hard negative. `would_be` is what a careless coder enters; None: the gold does not say."""

    id: str
    document_id: str
    words: str | None
    span: Span | None
    reason: str
    would_be: str | None = None


@dataclass(frozen=True)
class Gold:
    """Coded records to score against. `records` are the events; `outside` are those with an actor or target whose
    words are outside the evidence; `negatives_say` tells whether negatives state the mistake they invite."""

    name: str
    sha256: str
    documents: Documents
    records: tuple[Record, ...]
    negatives: tuple[Negative, ...]
    registry: Registry
    passes: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()
    negatives_say: bool = False
    has_places: bool = False
    readers: Mapping[str, str] = field(default_factory=dict)
    """The name of each pass and what made it: a person, a language model."""
    settlers: tuple[str, ...] = ()
    """The language models that took part in settling the records, by their names in the dataset."""
    actions: tuple[Row, ...] = ()
    """The table of action codes."""
    out_of_scope: tuple[Document, ...] = ()
    """The documents of the release or dataset that are not scored."""

    @cached_property
    def known(self) -> Documents:
        """All documents of the release or dataset. Predictions are read against these."""
        return Documents((*self.documents.values(), *self.out_of_scope))

    @cached_property
    def codes(self) -> CodeTree:
        """The code list of the gold."""
        return code_lists.own(self.actions)

    @cached_property
    def plover(self) -> CodeTree:
        """PLOVER, by the crosswalk of the gold's code list."""
        return code_lists.plover(self.actions)

    @cached_property
    def names(self) -> dict[str, str | None]:
        """The names and aliases of the registry, in plain form; None for a name of two entries."""
        return names_of(self.registry)

    @cached_property
    def _acts(self) -> dict[str, list[Act]]:
        return {}

    def acts(self, resolver: Resolver) -> list[Act]:
        """Return the gold events as acts; computed once for each code list."""
        if resolver.codes.name not in self._acts:
            self._acts[resolver.codes.name] = resolver.acts(self.records)
        return self._acts[resolver.codes.name]

    def tree(self, name: str | None) -> CodeTree:
        """Return the code list to score in: "plover", or by default the gold's own."""
        return self.plover if name == code_lists.PLOVER != self.codes.name else self.codes

    @property
    def located(self) -> str:
        """Whether the texts are known: yes, no or part."""
        known = sum(document.text is not None for document in self.documents.values())
        return "yes" if known == len(self.documents) else "part" if known else "no"


def read(
    gold: str | Path | None = None,
    texts: str | Path | None = None,
    only: Iterable[str] = (),
) -> Gold:
    """Return the gold of a release (version, folder, or folder of releases; None: the newest at hand) or a dataset folder.

    `texts` is a folder with copies of the documents, recognised by SHA-256; a dataset brings its own. `only` limits
    the gold to these documents. UsageError where there is no such gold or it has errors.
    """
    folder = Path(gold) if gold is not None else None
    if folder is not None and folder.is_dir():
        gold = folder = sources.newest_in(folder)
    if folder is not None and folder.is_dir() and not (folder / "events.parquet").is_file():
        name, sha256, frames, known, models = _dataset(folder)
    else:
        name, sha256, frames, models = _release(gold)
        known = {}
    if texts is not None:
        if not Path(texts).is_dir():
            raise UsageError(f"--texts: {texts} is not a folder")
        known = {**known, **find_copies(frames["documents"], Path(texts))}
    try:
        found = _gold(name, sha256, frames, known, frozenset(only))
    except KeyError as error:
        raise UsageError(f"{gold} is not a release: a table lacks the column {error}") from None
    passes = set(frames["passes"]["annotator"]) if "passes" in frames else set()
    return replace(found, settlers=tuple(sorted(set(models) - passes)))


def _release(gold: str | Path | None) -> tuple[str, str, dict[str, pl.DataFrame], list[str]]:
    description = None
    if gold is not None and Path(gold).is_dir():
        folder = Path(gold)
        sums = folder / store.SUMS
        digest = hashlib.sha256(
            sums.read_bytes() if sums.is_file() else (folder / "events.parquet").read_bytes()
        ).hexdigest()
        frames = releases.frames(folder)
        name = folder.resolve().name.removeprefix("v")
        if (folder / CROISSANT).is_file():
            description = folder / CROISSANT
    else:
        release = sources.find(None if gold is None else str(gold))
        digest = store.file_sha256(release.file(store.SUMS)) if store.SUMS in release.sums else ""
        digest = digest or hashlib.sha256((release.folder / store.SUMS).read_bytes()).hexdigest()
        frames = {
            name: pl.read_parquet(release.table(name), glob=False)
            for name in TABLES
            if name in release.tables
        }
        name = str(release.version)
        if CROISSANT in release.sums and (release.folder / CROISSANT).is_file():
            description = release.file(CROISSANT)
    if missing := NEEDED - frames.keys():
        raise UsageError(f"{gold} is not a release: it has no table {', '.join(sorted(missing))}")
    return name, digest, frames, _models(description) if description else []


def _models(description: Path) -> list[str]:
    """Return the language models among the annotators: the description has them as "NAME, ID: TASK"."""
    try:
        described = json.loads(description.read_text("utf-8"))
        tools = [str(tool) for tool in described.get("rai:machineAnnotationTools", ())]
    except (ValueError, AttributeError):
        raise UsageError(f"{description} is damaged: get the release again") from None
    return [match[1] for tool in tools if (match := re.search(r", ([\w-]+): ", tool))]


def _dataset(folder: Path) -> tuple[str, str, dict[str, pl.DataFrame], dict[str, Copy], list[str]]:
    from standoff.findings import CheckFailed
    from standoff.release.compile import compile_tables
    from standoff.rules import runner
    from standoff.source.corpus import read_corpus
    from standoff.source.root import find_root

    root = find_root(folder)
    if root is None:
        raise UsageError(f"{folder} is neither a release (it has no events.parquet) nor a dataset")
    corpus = read_corpus(root)
    if errors := [f for f in runner.run(corpus).findings if f.severity == "error"]:
        raise CheckFailed(errors)
    frames = compile_tables(corpus)
    digest = hashlib.sha256()
    for name in sorted(frames.keys() & set(TABLES)):
        digest.update(frames[name].write_csv().encode())
    copies = {
        f.document.id: (f.seed.file, f.seed.text)
        for f in corpus.files
        if f.document and f.seed and f.seed.text
    }
    models = [str(each["id"]) for each in corpus.annotators if each["kind"] == LANGUAGE_MODEL]
    return f"dataset {root.parent.name}", digest.hexdigest(), frames, copies, models


def _gold(
    name: str,
    sha256: str,
    frames: Mapping[str, pl.DataFrame],
    copies: Mapping[str, Copy],
    only: frozenset[str],
) -> Gold:
    rows = {table: frames[table].to_dicts() if table in frames else [] for table in TABLES}
    texts = {document_id: text for document_id, (_, text) in copies.items()}
    everything = _documents(rows, copies, only)
    documents = {key: each for key, each in everything.items() if not only or key in only}
    rows["events"] = [row for row in rows["events"] if row["document_id"] in documents]
    rows["passes"] = [row for row in rows["passes"] if row["document_id"] in documents]
    parties = by(rows["participants"], "event_id")
    return Gold(
        name=name,
        sha256=sha256,
        documents=Documents(documents.values()),
        out_of_scope=tuple(each for key, each in everything.items() if key not in documents),
        records=tuple(releases.events(rows, texts)),
        negatives=tuple(_negative(row) for row in rows["negatives"] if row["document_id"] in documents),
        registry=_registry(rows["actors"], rows["affiliations"]),
        passes=releases.passes(rows["passes"], texts),
        readers={
            row["annotator"]: row["annotator_kind"] for row in rows["passes"] if row.get("annotator_kind")
        },
        outside=frozenset(
            row["event_id"] for row in rows["events"] if _is_outside(row, parties[row["event_id"]])
        ),
        negatives_say="would_be_action" in frames["negatives"].columns,
        has_places="locations" in frames,
        actions=tuple(rows["actions"]),
    )


def _documents(
    rows: Mapping[str, list[Row]], copies: Mapping[str, Copy], only: frozenset[str]
) -> dict[str, Document]:
    known = {row["document_id"] for row in rows["documents"]}
    if unknown := only - known:
        raise UsageError(
            f"the gold has no document {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}"
        )
    sentences = by(rows["sentences"], "document_id")
    return {
        row["document_id"]: Document(
            id=row["document_id"],
            sha256=row["sha256"],
            text=copies[row["document_id"]][1] if row["document_id"] in copies else None,
            file=str(copies[row["document_id"]][0]) if row["document_id"] in copies else None,
            url=row["url"],
            published=releases.date(row["published"]),
            title=row["title"],
            spans=tuple(
                sorted(s for each in sentences[row["document_id"]] if (s := releases.span(each)) is not None)
            ),
        )
        for row in rows["documents"]
    }


def _registry(actors: list[Row], affiliations: list[Row]) -> Registry:
    periods = by(affiliations, "actor_id")
    return Registry(
        Actor(
            id=row["actor_id"],
            name=row.get("actor_name") or row["name"],
            kind=row["kind"],
            country=row["country"],
            aliases=tuple((row["aliases"] or "").split("; ")) if row["aliases"] else (),
            affiliations=tuple(
                Affiliation(
                    p["actor_code"],
                    p["code_basis"],
                    parent=p["parent_id"],
                    start=p["date_from"],
                    end=p["date_until"],
                )
                for p in sorted(periods[row["actor_id"]], key=lambda p: p["position"])
            ),
        )
        for row in actors
    )


def _is_outside(row: Row, parties: list[Row]) -> bool:
    evidence = releases.span(row, "evidence")
    spans = (releases.span(p) for p in parties if p["role"] in ("actor", "target"))
    return evidence is not None and any(s is not None and not evidence.contains(s) for s in spans)


def _negative(row: Row) -> Negative:
    """Return a negative. Its words are those that mislead: the trigger in 2.x, the only words there are in 1.x."""
    return Negative(
        id=row["negative_id"],
        document_id=row["document_id"],
        words=row.get("trigger") or row.get("text"),
        span=releases.span(row, "trigger") or releases.span(row),
        reason=row["reason"],
        would_be=row.get("would_be_action"),
    )
