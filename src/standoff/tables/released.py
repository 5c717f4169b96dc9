"""The released tables: what each is, its columns in order, and its key.

This is the only place that describes them. The codebook, `datapackage.json`, `croissant.json`, the Parquet metadata,
the profile that `standoff check --table` uses and the pandera contract are made from here.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff import schema
from standoff.model.dates import PRECISIONS
from standoff.tables.columns import Column, Kind, Table

DATE_BASES = schema.closed_list("annotation", "$defs/event/properties/date_basis")
STATUSES = schema.closed_list("annotation", "$defs/event/properties/status")
REASONS = schema.closed_list("annotation", "$defs/negative/properties/reason")
QUAD_CLASSES = (1, 2, 3, 4)

DOCUMENTS = Table(
    "documents",
    "The news reports that were read. Their text is not part of a release.",
    key=("document_id",),
    columns=(
        Column("document_id", Kind.STRING, "Permanent id of the document, such as d003."),
        Column(
            "title",
            Kind.STRING,
            "Headline as the document gives it, or a description in square brackets where it gives none.",
        ),
        Column("publisher", Kind.STRING, "Who published the text, as far as the text shows it."),
        Column("url", Kind.STRING, "Address of the published text.", optional=True),
        Column("language", Kind.STRING, "Language of the text (BCP 47)."),
        Column("published", Kind.STRING, "Publication date (EDTF); a range where it could only be reasoned."),
        Column("published_earliest", Kind.DATE, "First day on which it may have been published."),
        Column("published_latest", Kind.DATE, "Last day on which it may have been published."),
        Column(
            "published_basis",
            Kind.STRING,
            "Where the publication date comes from: header, url or inferred.",
            values=schema.closed_list(
                "annotation", "properties/document/properties/published/properties/basis"
            ),
        ),
        Column(
            "published_reason", Kind.STRING, "How an inferred publication date was reasoned.", optional=True
        ),
        Column("characters", Kind.INT32, "Length of the text in Unicode code points."),
        Column("sha256", Kind.STRING, "SHA-256 of the text file. All offsets hold for exactly these bytes."),
        Column("rights", Kind.STRING, "Who holds rights in the text, as far as known."),
        Column(
            "source_error",
            Kind.STRING,
            "What the document gets wrong as a whole, and how one can tell.",
            optional=True,
        ),
        Column("note", Kind.STRING, "Remarks on the document.", optional=True),
    ),
)

EVENTS = Table(
    "events",
    "The coded acts, one row each.",
    key=("event_id",),
    columns=(
        Column("event_id", Kind.STRING, "Permanent id of the event, such as d003-e04. Never reused."),
        Column(
            "document_id", Kind.STRING, "The document that tells of it.", references="documents.document_id"
        ),
        Column(
            "action",
            Kind.STRING,
            "CAMEO code, the most specific that the text supports. Text: 010 is not 10.",
            references="actions.action",
        ),
        Column("action_label", Kind.STRING, "Label of the code in CAMEO 1.1b3."),
        Column("root", Kind.STRING, "Two-digit root of the code."),
        Column(
            "quad_class",
            Kind.INT32,
            "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; by root, in GDELT's scheme.",
            values=QUAD_CLASSES,
        ),
        Column(
            "goldstein",
            Kind.FLOAT64,
            "Goldstein value of the code in GDELT's scale, -10 (conflict) to 10 (cooperation); null where it has none.",
            optional=True,
        ),
        Column(
            "plover_type",
            Kind.STRING,
            "PLOVER event type by the crosswalk published in 2021; null where it has none.",
            optional=True,
        ),
        Column(
            "actors",
            Kind.STRING,
            "Names of the actors, joined by '; ' for reading. Use participants or dyads to compute.",
            optional=True,
        ),
        Column(
            "actor_codes",
            Kind.STRING,
            "Codes of the actors on the event's date, joined by '; '.",
            optional=True,
        ),
        Column("targets", Kind.STRING, "Names of the targets, joined by '; '.", optional=True),
        Column(
            "target_codes",
            Kind.STRING,
            "Codes of the targets on the event's date, joined by '; '.",
            optional=True,
        ),
        Column(
            "date",
            Kind.STRING,
            "When it happened (EDTF): a day, an interval throughout which it went on, or a set of days on one of which it happened.",
        ),
        Column(
            "date_earliest",
            Kind.DATE,
            "First day on which it may have happened or gone on; null where open.",
            optional=True,
        ),
        Column("date_latest", Kind.DATE, "Last such day; null where open.", optional=True),
        Column(
            "date_precision",
            Kind.STRING,
            "Width of the date: day, week (up to 7 days), month (up to 31), year (up to 366), longer, open.",
            values=PRECISIONS,
        ),
        Column(
            "date_basis",
            Kind.STRING,
            "What the date rests on: explicit, relative, vague, document or inferred.",
            values=DATE_BASES,
        ),
        Column(
            "ucdp_date_prec",
            Kind.INT32,
            "Precision on UCDP GED's scale, 1 (day) to 5 (year); null beyond it.",
            optional=True,
            values=(1, 2, 3, 4, 5),
        ),
        Column(
            "acled_time_precision",
            Kind.INT32,
            "Precision on ACLED's scale, 1 (day) to 3 (month); null beyond it.",
            optional=True,
            values=(1, 2, 3),
        ),
        Column(
            "status",
            Kind.STRING,
            "asserted; hedged where doubt is marked; contested where someone in the text denies it.",
            values=STATUSES,
        ),
        Column(
            "attribution",
            Kind.STRING,
            "Who vouches for it, joined by '; '; null where the narrator does. unnamed stands for sources without name or body.",
            optional=True,
        ),
        Column("attribution_via", Kind.STRING, "Who relayed it, joined by '; '.", optional=True),
        Column("reciprocal", Kind.BOOL, "Whether both sides do it to each other."),
        Column("count_min", Kind.INT32, "Lower bound of how many such acts the row stands for."),
        Column(
            "incident_id",
            Kind.STRING,
            "Joins rows of different documents that report the same happening.",
            optional=True,
        ),
        Column("trigger", Kind.STRING, "The words that name the act."),
        Column("trigger_start", Kind.INT32, "Where the trigger starts in the document: code points from 0."),
        Column("trigger_end", Kind.INT32, "Where it ends, exclusive."),
        Column(
            "evidence_start",
            Kind.INT32,
            "Where the evidence starts. Its words are not in the release: see standoff hydrate.",
        ),
        Column("evidence_end", Kind.INT32, "Where it ends, exclusive."),
        Column(
            "note",
            Kind.STRING,
            "Why it was coded so, where another annotator could have decided otherwise.",
            optional=True,
        ),
        Column(
            "source_error",
            Kind.STRING,
            "What the text gets wrong about it, and how one can tell.",
            optional=True,
        ),
    ),
)

PARTICIPANTS = Table(
    "participants",
    "Who takes which part in an event, with the words that name them.",
    key=(
        "event_id",
        "role",
        "position",
    ),
    columns=(
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column(
            "role",
            Kind.STRING,
            "actor, target, attribution (who vouches for it) or via (who relayed it).",
            values=("actor", "target", "attribution", "via"),
        ),
        Column("position", Kind.INT32, "Place within the role, from 1."),
        Column(
            "source_position",
            Kind.INT32,
            "For a relay: the position of the source that it relays.",
            optional=True,
        ),
        Column(
            "actor_id",
            Kind.STRING,
            "Entry of the actor registry; null for a source without name or body.",
            optional=True,
            references="actors.actor_id",
        ),
        Column("actor_code", Kind.STRING, "The actor's code on the event's date.", optional=True),
        Column(
            "text",
            Kind.STRING,
            "The words that name it; null where a target is only to be understood.",
            optional=True,
        ),
        Column(
            "start", Kind.INT32, "Where the words start in the document: code points from 0.", optional=True
        ),
        Column("end", Kind.INT32, "Where they end, exclusive.", optional=True),
        Column("implicit", Kind.BOOL, "Whether the target is named only by a purpose, or to be understood."),
    ),
)

MENTIONS = Table(
    "mentions",
    "Other passages that tell of an event's act.",
    key=(
        "event_id",
        "position",
    ),
    columns=(
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column("position", Kind.INT32, "Place in the list, from 1."),
        Column("start", Kind.INT32, "Where the passage starts in the document: code points from 0."),
        Column("end", Kind.INT32, "Where it ends, exclusive."),
    ),
)

DYADS = Table(
    "dyads",
    "Directed pairs of actor and target, ready for analysis. Computed, never typed.",
    key=("dyad_id",),
    columns=(
        Column("dyad_id", Kind.STRING, "Id of the pair: the event's id, -p and a number."),
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column("actor_id", Kind.STRING, "Who does it.", references="actors.actor_id"),
        Column("actor_code", Kind.STRING, "The actor's code on the event's date."),
        Column("target_id", Kind.STRING, "To or against whom.", references="actors.actor_id"),
        Column("target_code", Kind.STRING, "The target's code on the event's date."),
        Column(
            "action",
            Kind.STRING,
            "CAMEO code of this direction: the host's side of a visit 042 is 043.",
            references="actions.action",
        ),
        Column("root", Kind.STRING, "Two-digit root of the code."),
        Column("quad_class", Kind.INT32, "Quad class of the code in GDELT's scheme.", values=QUAD_CLASSES),
        Column("goldstein", Kind.FLOAT64, "Goldstein value of the code in GDELT's scale.", optional=True),
        Column(
            "date_earliest",
            Kind.DATE,
            "First day on which it may have happened; null where open.",
            optional=True,
        ),
        Column("date_latest", Kind.DATE, "Last such day; null where open.", optional=True),
        Column("status", Kind.STRING, "asserted, hedged or contested.", values=STATUSES),
        Column("count_min", Kind.INT32, "Lower bound of how many such acts the row stands for."),
        Column(
            "derived",
            Kind.STRING,
            "Which rule made the row: stated (one actor, one target), compound (several on a side), "
            "reciprocal (the other direction of an act done to each other), host (the host's side of a visit).",
            values=("stated", "compound", "reciprocal", "host"),
        ),
    ),
)

NEGATIVES = Table(
    "negatives",
    "Passages that would fool a keyword coder, each with the reason why it is no event.",
    key=("negative_id",),
    columns=(
        Column("negative_id", Kind.STRING, "Permanent id, such as d003-n02. Never reused."),
        Column("document_id", Kind.STRING, "The document.", references="documents.document_id"),
        Column("text", Kind.STRING, "The misleading words."),
        Column("start", Kind.INT32, "Where they start in the document: code points from 0."),
        Column("end", Kind.INT32, "Where they end, exclusive."),
        Column(
            "reason", Kind.STRING, "Why this is no event; the codebook lists the reasons.", values=REASONS
        ),
        Column(
            "note",
            Kind.STRING,
            "Why it was decided so, where another annotator could have decided otherwise.",
            optional=True,
        ),
    ),
)

LINKS = Table(
    "links",
    "How events relate to each other.",
    key=(
        "event_id",
        "relation",
        "other_event_id",
    ),
    columns=(
        Column(
            "event_id", Kind.STRING, "The event that the relation starts from.", references="events.event_id"
        ),
        Column(
            "relation",
            Kind.STRING,
            "in_response_to: answers the other. part_of: is one of the acts that the other sums up.",
            values=schema.closed_list("annotation", "$defs/link/properties/relation"),
        ),
        Column("other_event_id", Kind.STRING, "The event that it leads to.", references="events.event_id"),
    ),
)

ACTORS = Table(
    "actors",
    "The actor registry.",
    key=("actor_id",),
    columns=(
        Column("actor_id", Kind.STRING, "Permanent id, such as esmail-qaani."),
        Column("name", Kind.STRING, "Common English name."),
        Column(
            "kind",
            Kind.STRING,
            "person, state, government, ministry, military, armed-group, collective …",
            values=schema.closed_list("actors", "properties/actors/items/properties/kind"),
        ),
        Column("country", Kind.STRING, "Three-letter code of the state it belongs to.", optional=True),
        Column("aliases", Kind.STRING, "Other names by which texts call it, joined by '; '.", optional=True),
        Column("wikidata", Kind.STRING, "Wikidata item, only where it was verified.", optional=True),
        Column("note", Kind.STRING, "Remarks on the entry.", optional=True),
    ),
)

AFFILIATIONS = Table(
    "affiliations",
    "The code and the parent that an actor has in each period.",
    key=(
        "actor_id",
        "position",
    ),
    columns=(
        Column("actor_id", Kind.STRING, "The actor.", references="actors.actor_id"),
        Column("position", Kind.INT32, "Place in the order of time, from 1."),
        Column("actor_code", Kind.STRING, "CAMEO actor code in this period."),
        Column(
            "code_basis",
            Kind.STRING,
            "cameo: listed in the manual. composed: of CAMEO's elements. assigned: with an element made here.",
            values=schema.closed_list(
                "actors", "properties/actors/items/properties/affiliations/items/properties/basis"
            ),
        ),
        Column(
            "parent_id",
            Kind.STRING,
            "The body it belongs to in this period.",
            optional=True,
            references="actors.actor_id",
        ),
        Column("role", Kind.STRING, "Office or function in this period.", optional=True),
        Column(
            "date_from",
            Kind.DATE,
            "First day of the period; null: since before anything in the data.",
            optional=True,
        ),
        Column("date_until", Kind.DATE, "Last day of the period; null: no end is recorded.", optional=True),
        Column("note", Kind.STRING, "Why this code.", optional=True),
    ),
)

ACTIONS = Table(
    "actions",
    "The CAMEO codes, with the scales and the crosswalk that are in use.",
    key=("action",),
    columns=(
        Column("action", Kind.STRING, "CAMEO code. Text: 010 is not 10."),
        Column("label", Kind.STRING, "Label in CAMEO 1.1b3."),
        Column(
            "parent",
            Kind.STRING,
            "The next more general code; null for a root.",
            optional=True,
            references="actions.action",
        ),
        Column("root", Kind.STRING, "Two-digit root."),
        Column("level", Kind.INT32, "1 root, 2, 3 most specific.", values=(1, 2, 3)),
        Column("definition", Kind.STRING, "What the code covers, in our words."),
        Column("usage", Kind.STRING, "The rule that decides between neighbouring codes.", optional=True),
        Column(
            "quad_class",
            Kind.INT32,
            "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.",
            values=QUAD_CLASSES,
        ),
        Column(
            "quad_class_scheme",
            Kind.STRING,
            "Whose quad class this is: implementations differ at roots 09, 14 and 16.",
        ),
        Column("goldstein", Kind.FLOAT64, "Goldstein value; null where the scale has none.", optional=True),
        Column("goldstein_scheme", Kind.STRING, "Whose Goldstein values these are.", optional=True),
        Column(
            "goldstein_icews",
            Kind.FLOAT64,
            "Goldstein value in ICEWS, which differs at 016, 022, 164 and 165.",
            optional=True,
        ),
        Column(
            "plover_type", Kind.STRING, "PLOVER event type by the crosswalk published in 2021.", optional=True
        ),
        Column("plover_mode", Kind.STRING, "PLOVER mode by the same crosswalk.", optional=True),
        Column("plover_context", Kind.STRING, "PLOVER context by the same crosswalk.", optional=True),
        Column("note", Kind.STRING, "Where sources disagree about this code.", optional=True),
    ),
)

PASSES = Table(
    "passes",
    "The records of the independent passes, as they were made.",
    key=("pass_id",),
    columns=(
        Column("pass_id", Kind.STRING, "The annotator's id and the record's own, such as a1-d003-e04."),
        Column("annotator", Kind.STRING, "Who made the pass; the datasheet says what kind of reader."),
        Column(
            "annotator_kind",
            Kind.STRING,
            "language model or person.",
            values=schema.closed_list("dataset", "properties/annotators/items/properties/kind"),
        ),
        Column("document_id", Kind.STRING, "The document.", references="documents.document_id"),
        Column("record", Kind.STRING, "event or negative.", values=("event", "negative")),
        Column("action", Kind.STRING, "CAMEO code of an event.", optional=True, references="actions.action"),
        Column("actors", Kind.STRING, "Registry ids of the actors, joined by '; '.", optional=True),
        Column("targets", Kind.STRING, "Registry ids of the targets, joined by '; '.", optional=True),
        Column("date", Kind.STRING, "Date of an event (EDTF).", optional=True),
        Column(
            "date_earliest",
            Kind.DATE,
            "First day on which it may have happened; null where open.",
            optional=True,
        ),
        Column("date_latest", Kind.DATE, "Last such day; null where open.", optional=True),
        Column("date_basis", Kind.STRING, "What the date rests on.", optional=True, values=DATE_BASES),
        Column("status", Kind.STRING, "asserted, hedged or contested.", optional=True, values=STATUSES),
        Column(
            "attribution", Kind.STRING, "Registry ids of who vouches for it, joined by '; '.", optional=True
        ),
        Column(
            "attribution_via", Kind.STRING, "Registry ids of who relayed it, joined by '; '.", optional=True
        ),
        Column("reciprocal", Kind.BOOL, "Whether both sides do it to each other.", optional=True),
        Column(
            "count_min", Kind.INT32, "Lower bound of how many such acts the row stands for.", optional=True
        ),
        Column(
            "trigger_start",
            Kind.INT32,
            "Where the words that name the act, or the misleading words, start: code points from 0.",
        ),
        Column("trigger_end", Kind.INT32, "Where they end, exclusive."),
        Column("evidence_start", Kind.INT32, "Where the evidence of an event starts.", optional=True),
        Column("evidence_end", Kind.INT32, "Where it ends, exclusive.", optional=True),
        Column("reason", Kind.STRING, "Why a negative is no event.", optional=True, values=REASONS),
        Column("note", Kind.STRING, "The annotator's own note.", optional=True),
        Column(
            "adjudicated_id",
            Kind.STRING,
            "The released event or negative that it was matched to; null where it was not kept.",
            optional=True,
        ),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        EVENTS,
        PARTICIPANTS,
        MENTIONS,
        DYADS,
        NEGATIVES,
        LINKS,
        ACTORS,
        AFFILIATIONS,
        ACTIONS,
        PASSES,
    )
}
"""Every released table by name, in the order in which a reader would want to meet them."""


def references(names: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """Return every reference between the named tables as (table, column, other table, other column)."""
    known = set(names)
    return [
        (table.name, column.name, other, key)
        for table in TABLES.values()
        if table.name in known
        for column in table.columns
        if column.references
        for other, key in [column.references.split(".")]
        if other in known
    ]
