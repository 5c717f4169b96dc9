"""The released tables as pandera models: types, keys, references and the documentation of every column.

Everything else that speaks of columns (Arrow schemas, codebook, data package) is made from here. What the
values of a row must satisfy is said in `rules.table`; `contracts` puts the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from standoff import schema
from standoff.model.dates import PRECISIONS


def _column(
    description: str, *, optional: bool = False, references: str | None = None, values: Iterable[Any] = ()
) -> Any:
    """A column with its documentation.

    `references` names the ``table.column`` that its values are keys of; `values` is the closed list that its
    values are from.
    """
    values = tuple(values)
    return pa.Field(
        description=description,
        nullable=optional,
        isin=list(values) or None,
        metadata={"references": references, "values": values},
    )


DATE_BASES = schema.closed_list("annotation", "$defs/event/properties/date_basis")
STATUSES = schema.closed_list("annotation", "$defs/event/properties/status")
REASONS = schema.closed_list("annotation", "$defs/negative/properties/reason")
QUAD_CLASSES = (1, 2, 3, 4)


class Documents(pa.DataFrameModel):
    """The news reports that were read. Their text is not part of a release."""

    document_id: str = _column("Permanent id of the document, such as d003.")
    title: str = _column(
        "Headline as the document gives it, or a description in square brackets where it gives none."
    )
    publisher: str = _column("Who published the text, as far as the text shows it.")
    url: str = _column("Address of the published text.", optional=True)
    language: str = _column("Language of the text (BCP 47).")
    published: str = _column("Publication date (EDTF); a range where it could only be reasoned.")
    published_earliest: pl.Date = _column("First day on which it may have been published.")
    published_latest: pl.Date = _column("Last day on which it may have been published.")
    published_basis: str = _column(
        "Where the publication date comes from: header, url or inferred.",
        values=schema.closed_list("annotation", "properties/document/properties/published/properties/basis"),
    )
    published_reason: str = _column("How an inferred publication date was reasoned.", optional=True)
    characters: pl.Int32 = _column("Length of the text in Unicode code points.")
    sha256: str = _column("SHA-256 of the text file. All offsets hold for exactly these bytes.")
    rights: str = _column("Who holds rights in the text, as far as known.")
    source_error: str = _column(
        "What the document gets wrong as a whole, and how one can tell.", optional=True
    )
    note: str = _column("Remarks on the document.", optional=True)

    class Config:
        """Keys of the table."""

        name = "documents"
        metadata = {"key": ["document_id"]}  # noqa: RUF012 - pandera reads it from the class


class Events(pa.DataFrameModel):
    """The coded acts, one row each."""

    event_id: str = _column("Permanent id of the event, such as d003-e04. Never reused.")
    document_id: str = _column("The document that tells of it.", references="documents.document_id")
    action: str = _column(
        "CAMEO code, the most specific that the text supports. Text: 010 is not 10.",
        references="actions.action",
    )
    action_label: str = _column("Label of the code in CAMEO 1.1b3.")
    root: str = _column("Two-digit root of the code.")
    quad_class: pl.Int32 = _column(
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; by root, in GDELT's scheme.",
        values=QUAD_CLASSES,
    )
    goldstein: float = _column(
        "Goldstein value of the code in GDELT's scale, -10 (conflict) to 10 (cooperation); null where it has none.",
        optional=True,
    )
    plover_type: str = _column(
        "PLOVER event type by the crosswalk published in 2021; null where it has none.", optional=True
    )
    actors: str = _column(
        "Names of the actors, joined by '; ' for reading. Use participants or dyads to compute.",
        optional=True,
    )
    actor_codes: str = _column("Codes of the actors on the event's date, joined by '; '.", optional=True)
    targets: str = _column("Names of the targets, joined by '; '.", optional=True)
    target_codes: str = _column("Codes of the targets on the event's date, joined by '; '.", optional=True)
    date: str = _column(
        "When it happened (EDTF): a day, an interval throughout which it went on, or a set of days on one of which it happened."
    )
    date_earliest: pl.Date = _column(
        "First day on which it may have happened or gone on; null where open.", optional=True
    )
    date_latest: pl.Date = _column("Last such day; null where open.", optional=True)
    date_precision: str = _column(
        "Width of the date: day, week (up to 7 days), month (up to 31), year (up to 366), longer, open.",
        values=PRECISIONS,
    )
    date_basis: str = _column(
        "What the date rests on: explicit, relative, vague, document or inferred.", values=DATE_BASES
    )
    ucdp_date_prec: pl.Int32 = _column(
        "Precision on UCDP GED's scale, 1 (day) to 5 (year); null beyond it.",
        optional=True,
        values=(1, 2, 3, 4, 5),
    )
    acled_time_precision: pl.Int32 = _column(
        "Precision on ACLED's scale, 1 (day) to 3 (month); null beyond it.", optional=True, values=(1, 2, 3)
    )
    status: str = _column(
        "asserted; hedged where doubt is marked; contested where someone in the text denies it.",
        values=STATUSES,
    )
    attribution: str = _column(
        "Who vouches for it, joined by '; '; null where the narrator does. unnamed stands for sources without name or body.",
        optional=True,
    )
    attribution_via: str = _column("Who relayed it, joined by '; '.", optional=True)
    reciprocal: bool = _column("Whether both sides do it to each other.")
    count_min: pl.Int32 = _column("Lower bound of how many such acts the row stands for.")
    incident_id: str = _column(
        "Joins rows of different documents that report the same happening.", optional=True
    )
    trigger: str = _column("The words that name the act.")
    trigger_start: pl.Int32 = _column("Where the trigger starts in the document: code points from 0.")
    trigger_end: pl.Int32 = _column("Where it ends, exclusive.")
    evidence_start: pl.Int32 = _column(
        "Where the evidence starts. Its words are not in the release: see standoff hydrate."
    )
    evidence_end: pl.Int32 = _column("Where it ends, exclusive.")
    note: str = _column(
        "Why it was coded so, where another annotator could have decided otherwise.", optional=True
    )
    source_error: str = _column("What the text gets wrong about it, and how one can tell.", optional=True)

    class Config:
        """Keys of the table."""

        name = "events"
        metadata = {"key": ["event_id"]}  # noqa: RUF012


class Participants(pa.DataFrameModel):
    """Who takes which part in an event, with the words that name them."""

    event_id: str = _column("The event.", references="events.event_id")
    role: str = _column(
        "actor, target, attribution (who vouches for it) or via (who relayed it).",
        values=("actor", "target", "attribution", "via"),
    )
    position: pl.Int32 = _column("Place within the role, from 1.")
    source_position: pl.Int32 = _column(
        "For a relay: the position of the source that it relays.", optional=True
    )
    actor_id: str = _column(
        "Entry of the actor registry; null for a source without name or body.",
        optional=True,
        references="actors.actor_id",
    )
    actor_code: str = _column("The actor's code on the event's date.", optional=True)
    text: str = _column(
        "The words that name it; null where a target is only to be understood.",
        optional=True,
    )
    start: pl.Int32 = _column("Where the words start in the document: code points from 0.", optional=True)
    end: pl.Int32 = _column("Where they end, exclusive.", optional=True)
    implicit: bool = _column("Whether the target is named only by a purpose, or to be understood.")

    class Config:
        """Keys of the table."""

        name = "participants"
        metadata = {"key": ["event_id", "role", "position"]}  # noqa: RUF012


class Mentions(pa.DataFrameModel):
    """Other passages that tell of an event's act."""

    event_id: str = _column("The event.", references="events.event_id")
    position: pl.Int32 = _column("Place in the list, from 1.")
    start: pl.Int32 = _column("Where the passage starts in the document: code points from 0.")
    end: pl.Int32 = _column("Where it ends, exclusive.")

    class Config:
        """Keys of the table."""

        name = "mentions"
        metadata = {"key": ["event_id", "position"]}  # noqa: RUF012


class Dyads(pa.DataFrameModel):
    """Directed pairs of actor and target, ready for analysis. Computed, never typed."""

    dyad_id: str = _column("Id of the pair: the event's id, -p and a number.")
    event_id: str = _column("The event.", references="events.event_id")
    actor_id: str = _column("Who does it.", references="actors.actor_id")
    actor_code: str = _column("The actor's code on the event's date.")
    target_id: str = _column("To or against whom.", references="actors.actor_id")
    target_code: str = _column("The target's code on the event's date.")
    action: str = _column(
        "CAMEO code of this direction: the host's side of a visit 042 is 043.", references="actions.action"
    )
    root: str = _column("Two-digit root of the code.")
    quad_class: pl.Int32 = _column("Quad class of the code in GDELT's scheme.", values=QUAD_CLASSES)
    goldstein: float = _column("Goldstein value of the code in GDELT's scale.", optional=True)
    date_earliest: pl.Date = _column(
        "First day on which it may have happened; null where open.", optional=True
    )
    date_latest: pl.Date = _column("Last such day; null where open.", optional=True)
    status: str = _column("asserted, hedged or contested.", values=STATUSES)
    count_min: pl.Int32 = _column("Lower bound of how many such acts the row stands for.")
    derived: str = _column(
        "Which rule made the row: stated (one actor, one target), compound (several on a side), "
        "reciprocal (the other direction of an act done to each other), host (the host's side of a visit).",
        values=("stated", "compound", "reciprocal", "host"),
    )

    class Config:
        """Keys of the table."""

        name = "dyads"
        metadata = {"key": ["dyad_id"]}  # noqa: RUF012


class Negatives(pa.DataFrameModel):
    """Passages that would fool a keyword coder, each with the reason why it is no event."""

    negative_id: str = _column("Permanent id, such as d003-n02. Never reused.")
    document_id: str = _column("The document.", references="documents.document_id")
    text: str = _column("The misleading words.")
    start: pl.Int32 = _column("Where they start in the document: code points from 0.")
    end: pl.Int32 = _column("Where they end, exclusive.")
    reason: str = _column("Why this is no event; the codebook lists the reasons.", values=REASONS)
    note: str = _column(
        "Why it was decided so, where another annotator could have decided otherwise.", optional=True
    )

    class Config:
        """Keys of the table."""

        name = "negatives"
        metadata = {"key": ["negative_id"]}  # noqa: RUF012


class Links(pa.DataFrameModel):
    """How events relate to each other."""

    event_id: str = _column("The event that the relation starts from.", references="events.event_id")
    relation: str = _column(
        "in_response_to: answers the other. part_of: is one of the acts that the other sums up.",
        values=schema.closed_list("annotation", "$defs/link/properties/relation"),
    )
    other_event_id: str = _column("The event that it leads to.", references="events.event_id")

    class Config:
        """Keys of the table."""

        name = "links"
        metadata = {"key": ["event_id", "relation", "other_event_id"]}  # noqa: RUF012


class Actors(pa.DataFrameModel):
    """The actor registry."""

    actor_id: str = _column("Permanent id, such as esmail-qaani.")
    name: str = _column("Common English name.")
    kind: str = _column(
        "person, state, government, ministry, military, armed-group, collective …",
        values=schema.closed_list("actors", "properties/actors/items/properties/kind"),
    )
    country: str = _column("Three-letter code of the state it belongs to.", optional=True)
    aliases: str = _column("Other names by which texts call it, joined by '; '.", optional=True)
    wikidata: str = _column("Wikidata item, only where it was verified.", optional=True)
    note: str = _column("Remarks on the entry.", optional=True)

    class Config:
        """Keys of the table."""

        name = "actors"
        metadata = {"key": ["actor_id"]}  # noqa: RUF012


class Affiliations(pa.DataFrameModel):
    """The code and the parent that an actor has in each period."""

    actor_id: str = _column("The actor.", references="actors.actor_id")
    position: pl.Int32 = _column("Place in the order of time, from 1.")
    actor_code: str = _column("CAMEO actor code in this period.")
    code_basis: str = _column(
        "cameo: listed in the manual. composed: of CAMEO's elements. assigned: with an element made here.",
        values=schema.closed_list(
            "actors", "properties/actors/items/properties/affiliations/items/properties/basis"
        ),
    )
    parent_id: str = _column(
        "The body it belongs to in this period.", optional=True, references="actors.actor_id"
    )
    role: str = _column("Office or function in this period.", optional=True)
    date_from: pl.Date = _column(
        "First day of the period; null: since before anything in the data.", optional=True
    )
    date_until: pl.Date = _column("Last day of the period; null: no end is recorded.", optional=True)
    note: str = _column("Why this code.", optional=True)

    class Config:
        """Keys of the table."""

        name = "affiliations"
        metadata = {"key": ["actor_id", "position"]}  # noqa: RUF012


class Actions(pa.DataFrameModel):
    """The CAMEO codes, with the scales and the crosswalk that are in use."""

    action: str = _column("CAMEO code. Text: 010 is not 10.")
    label: str = _column("Label in CAMEO 1.1b3.")
    parent: str = _column(
        "The next more general code; null for a root.", optional=True, references="actions.action"
    )
    root: str = _column("Two-digit root.")
    level: pl.Int32 = _column("1 root, 2, 3 most specific.", values=(1, 2, 3))
    definition: str = _column("What the code covers, in our words.")
    usage: str = _column("The rule that decides between neighbouring codes.", optional=True)
    quad_class: pl.Int32 = _column(
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.",
        values=QUAD_CLASSES,
    )
    quad_class_scheme: str = _column(
        "Whose quad class this is: implementations differ at roots 09, 14 and 16."
    )
    goldstein: float = _column("Goldstein value; null where the scale has none.", optional=True)
    goldstein_scheme: str = _column("Whose Goldstein values these are.", optional=True)
    goldstein_icews: float = _column(
        "Goldstein value in ICEWS, which differs at 016, 022, 164 and 165.", optional=True
    )
    plover_type: str = _column("PLOVER event type by the crosswalk published in 2021.", optional=True)
    plover_mode: str = _column("PLOVER mode by the same crosswalk.", optional=True)
    plover_context: str = _column("PLOVER context by the same crosswalk.", optional=True)
    note: str = _column("Where sources disagree about this code.", optional=True)

    class Config:
        """Keys of the table."""

        name = "actions"
        metadata = {"key": ["action"]}  # noqa: RUF012


class Passes(pa.DataFrameModel):
    """The records of the independent passes, as they were made."""

    pass_id: str = _column("The annotator's id and the record's own, such as a1-d003-e04.")
    annotator: str = _column("Who made the pass; the datasheet says what kind of reader.")
    annotator_kind: str = _column(
        "language model or person.",
        values=schema.closed_list("dataset", "properties/annotators/items/properties/kind"),
    )
    document_id: str = _column("The document.", references="documents.document_id")
    record: str = _column("event or negative.", values=("event", "negative"))
    action: str = _column("CAMEO code of an event.", optional=True, references="actions.action")
    actors: str = _column("Registry ids of the actors, joined by '; '.", optional=True)
    targets: str = _column("Registry ids of the targets, joined by '; '.", optional=True)
    date: str = _column("Date of an event (EDTF).", optional=True)
    date_earliest: pl.Date = _column(
        "First day on which it may have happened; null where open.", optional=True
    )
    date_latest: pl.Date = _column("Last such day; null where open.", optional=True)
    date_basis: str = _column("What the date rests on.", optional=True, values=DATE_BASES)
    status: str = _column("asserted, hedged or contested.", optional=True, values=STATUSES)
    attribution: str = _column("Registry ids of who vouches for it, joined by '; '.", optional=True)
    attribution_via: str = _column("Registry ids of who relayed it, joined by '; '.", optional=True)
    reciprocal: bool = _column("Whether both sides do it to each other.", optional=True)
    count_min: pl.Int32 = _column("Lower bound of how many such acts the row stands for.", optional=True)
    trigger_start: pl.Int32 = _column(
        "Where the words that name the act, or the misleading words, start: code points from 0."
    )
    trigger_end: pl.Int32 = _column("Where they end, exclusive.")
    evidence_start: pl.Int32 = _column("Where the evidence of an event starts.", optional=True)
    evidence_end: pl.Int32 = _column("Where it ends, exclusive.", optional=True)
    reason: str = _column("Why a negative is no event.", optional=True, values=REASONS)
    note: str = _column("The annotator's own note.", optional=True)
    adjudicated_id: str = _column(
        "The released event or negative that it was matched to; null where it was not kept.", optional=True
    )

    class Config:
        """Keys of the table."""

        name = "passes"
        metadata = {"key": ["pass_id"]}  # noqa: RUF012


MODELS: tuple[type[pa.DataFrameModel], ...] = (
    Documents,
    Events,
    Participants,
    Mentions,
    Dyads,
    Negatives,
    Links,
    Actors,
    Affiliations,
    Actions,
    Passes,
)
"""Every released table, in the order in which a reader would want to meet them."""

KINDS: dict[Any, str] = {
    pl.String: "string",
    pl.Int32: "int32",
    pl.Float64: "float64",
    pl.Boolean: "bool",
    pl.Date: "date",
}
"""The plain types that a released column may have, and what the documentation calls them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the documentation needs it.

    `references` is the ``table.column`` that it points to, `values` the closed list that its values are from
    (empty where there is none).
    """

    name: str
    dtype: Any
    description: str
    optional: bool
    references: str | None
    values: tuple[Any, ...]

    @property
    def kind(self) -> str:
        """Name of the type: string, int32, float64, bool or date."""
        return KINDS[self.dtype]


@dataclass(frozen=True, slots=True)
class Table:
    """One table as everything but pandera needs it: name, documentation, columns in order, key."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def schema(self) -> dict[str, Any]:
        """Polars types by column name, in order."""
        return {column.name: column.dtype for column in self.columns}


def describe(model: type[pa.DataFrameModel]) -> Table:
    """Return what a model says of its table."""
    schema = model.to_schema()
    columns = tuple(
        Column(
            name=name,
            dtype=column.dtype.type
            if not isinstance(column.dtype.type, pl.DataType)
            else type(column.dtype.type),
            description=column.description,
            optional=column.nullable,
            references=column.metadata["references"],
            values=column.metadata["values"],
        )
        for name, column in schema.columns.items()
    )
    return Table(
        schema.name, (model.__doc__ or "").strip(), columns, tuple((model.Config.metadata or {})["key"])
    )


TABLES: dict[str, Table] = {table.name: table for table in map(describe, MODELS)}
"""What each table is, by name."""


def references(names: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """Return every reference between the named tables as (table, column, other table, other column)."""
    known = set(names)
    return [
        (table, column.name, *column.references.split("."))  # type: ignore[misc]
        for table in TABLES
        if table in known
        for column in TABLES[table].columns
        if column.references and column.references.split(".")[0] in known
    ]
