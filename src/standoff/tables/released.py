"""The released tables: what each is, its columns in order, and its key.

This is the only place that describes them. The codebook, `datapackage.json`, `croissant.json`, the Parquet metadata,
the profile that `standoff check --table` uses and the pandera contract are made from here.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff import schema
from standoff.model.classes import replace
from standoff.model.dates import PRECISIONS, SHAPES
from standoff.model.dyads import DERIVED
from standoff.model.sides import SIDES
from standoff.tables.columns import Column, Kind, Table

DATE_BASES = schema.closed_list("annotation", "$defs/event/properties/date_basis")
STATUSES = schema.closed_list("annotation", "$defs/event/properties/status")
REASONS = schema.closed_list("annotation", "$defs/negative/properties/reason")
QUAD_CLASSES = (1, 2, 3, 4)
DIFFERING = (
    "record",
    "action",
    "actor",
    "target",
    "date",
    "shape",
    "date_basis",
    "status",
    "attribution",
    "reciprocal",
    "count_min",
    "where",
)
"""Fields of events in which readings are compared."""

_SHAPE = Column(
    "date_shape",
    Kind.STRING,
    "How the act fills its date: day (the one day), one_of (on one day within), throughout (all the time), several "
    "(more than once within), open (an end is unknown).",
    values=SHAPES,
)
_VOUCHED_BY = Column(
    "vouched_by",
    Kind.STRING,
    "Who vouches for it: the narrator, the actor's or the target's side, a third party, an unnamed source, or several "
    "of these. A side is everyone with the same head of hierarchy on that date; who is on both sides counts as actor.",
    values=SIDES,
)
_SPAN = (
    Column("span_start", Kind.INT32, "Where the words start in the document: code points from 0."),
    Column("span_end", Kind.INT32, "Where they end, exclusive."),
)
_OPTIONAL_SPAN = tuple(replace(column, optional=True) for column in _SPAN)

DOCUMENTS = Table(
    "documents",
    "The documents that were read. Their text is part of a release only where the dataset says so.",
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
        Column(
            "copies",
            Kind.STRING,
            "Other addresses at which the same words were published, joined by '; '.",
            optional=True,
        ),
        Column(
            "copies_found",
            Kind.STRING,
            "How each copy was found, in the same order, joined by '; '.",
            optional=True,
        ),
        Column("language", Kind.STRING, "Language of the text (BCP 47)."),
        Column("published", Kind.STRING, "Publication date (EDTF); a range if it was inferred."),
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
            "document_id", Kind.STRING, "The document that reports it.", references="documents.document_id"
        ),
        Column(
            "action",
            Kind.STRING,
            "Action code, the most specific that the text supports. Text: 010 is not 10.",
            references="actions.action",
        ),
        Column("action_scheme", Kind.STRING, "The code list of the actions, with its version."),
        Column("action_label", Kind.STRING, "Label of the code in that list."),
        Column("root", Kind.STRING, "Two-digit root of the code."),
        Column(
            "quad_class",
            Kind.INT32,
            "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; the list of actions says whose classes they are.",
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
            "When it happened (EDTF). date_shape says how the act fills the date.",
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
        _SHAPE,
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
        _VOUCHED_BY,
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
        *_OPTIONAL_SPAN,
        Column("implicit", Kind.BOOL, "Whether the target is named only by a purpose, or to be understood."),
        Column(
            "anonymous",
            Kind.BOOL,
            "Whether a source or relay is a person or people without a name: sources, officials, a person familiar "
            "with the matter. False for actors and targets.",
        ),
    ),
)

MENTIONS = Table(
    "mentions",
    "Other passages that report an event's act.",
    key=(
        "event_id",
        "position",
    ),
    columns=(
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column("position", Kind.INT32, "Place in the list, from 1."),
        *_SPAN,
    ),
)


def _side(role: str, description: str) -> tuple[Column, ...]:
    """Return the columns of one side of a dyad; all are null where the side is empty."""
    return (
        Column(f"{role}_id", Kind.STRING, description, optional=True, references="actors.actor_id"),
        Column(f"{role}_code", Kind.STRING, f"Code of the {role} on the event's date.", optional=True),
        Column(
            f"{role}_country",
            Kind.STRING,
            f"Three-letter code of the state that the {role} belongs to; null where it belongs to none.",
            optional=True,
            references="countries.country",
        ),
        Column(
            f"{role}_top",
            Kind.STRING,
            f"The state or group at the head of the hierarchy of the {role} on the event's date.",
            optional=True,
            references="actors.actor_id",
        ),
    )


DYADS = Table(
    "dyads",
    "Directed pairs of actor and target, ready for analysis. Every event has rows, and their weights sum to 1. Computed.",
    key=("dyad_id",),
    columns=(
        Column("dyad_id", Kind.STRING, "Id of the pair: the event's id, -p and a number."),
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column(
            "document_id", Kind.STRING, "The document that reports it.", references="documents.document_id"
        ),
        Column(
            "incident_id",
            Kind.STRING,
            "Joins events of different documents that report the same happening.",
            optional=True,
        ),
        *_side("actor", "Who does it; null where no origin is stated."),
        *_side("target", "To or against whom; null where there is no target."),
        Column("event_action", Kind.STRING, "Action code of the event.", references="actions.action"),
        Column(
            "action",
            Kind.STRING,
            "Action code of this direction: that of the event, or its counterpart for the other side, such as the host's side of a visit.",
            references="actions.action",
        ),
        Column("action_scheme", Kind.STRING, "The code list of the actions, with its version."),
        Column("root", Kind.STRING, "Two-digit root of the code of this direction."),
        Column("quad_class", Kind.INT32, "Class of the code, as in events.", values=QUAD_CLASSES),
        Column("goldstein", Kind.FLOAT64, "Goldstein value of the code in GDELT's scale.", optional=True),
        Column(
            "date_earliest",
            Kind.DATE,
            "First day on which it may have happened; null where open.",
            optional=True,
        ),
        Column("date_latest", Kind.DATE, "Last such day; null where open.", optional=True),
        _SHAPE,
        Column("status", Kind.STRING, "asserted, hedged or contested.", values=STATUSES),
        _VOUCHED_BY,
        Column(
            "source_error",
            Kind.STRING,
            "What the text gets wrong about the event, and how one can tell.",
            optional=True,
        ),
        Column(
            "weight",
            Kind.FLOAT64,
            "Share of the event that this row stands for. The weights of an event sum to 1: count by their sum.",
            minimum=0.0,
            maximum=1.0,
        ),
        Column(
            "derived",
            Kind.STRING,
            "Which rule made the row: stated (one actor, one target), compound (several on a side), reciprocal (the "
            "other direction of an act done to each other), host (the host's side of a visit), alone (no actor or no "
            "target).",
            values=DERIVED,
        ),
    ),
)

NEGATIVES = Table(
    "negatives",
    "Hard negatives: passages that look like events but are not, each with the reason.",
    key=("negative_id",),
    columns=(
        Column("negative_id", Kind.STRING, "Permanent id, such as d003-n02. Never reused."),
        Column("document_id", Kind.STRING, "The document.", references="documents.document_id"),
        Column("trigger", Kind.STRING, "The misleading predicate."),
        Column("trigger_start", Kind.INT32, "Where it starts in the document: code points from 0."),
        Column("trigger_end", Kind.INT32, "Where it ends, exclusive."),
        Column(
            "mark_start",
            Kind.INT32,
            "Where the words start that the reason rests on (could, if, denied); null where no words mark it.",
            optional=True,
        ),
        Column("mark_end", Kind.INT32, "Where they end, exclusive.", optional=True),
        Column("evidence_start", Kind.INT32, "Where the clause around the trigger starts.", optional=True),
        Column("evidence_end", Kind.INT32, "Where it ends, exclusive.", optional=True),
        Column(
            "reason", Kind.STRING, "Why this is not an event; the codebook lists the reasons.", values=REASONS
        ),
        Column(
            "would_be_action",
            Kind.STRING,
            "Action code that a careless coder would enter here.",
            optional=True,
            references="actions.action",
        ),
        Column(
            "would_be_actor_id",
            Kind.STRING,
            "Actor that a careless coder would enter.",
            optional=True,
            references="actors.actor_id",
        ),
        Column(
            "would_be_target_id",
            Kind.STRING,
            "Target that a careless coder would enter.",
            optional=True,
            references="actors.actor_id",
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
            "in_response_to: answers the other. part_of: is one of the acts that the other sums up. speaks_of: is a "
            "statement about the other.",
            values=schema.closed_list("annotation", "$defs/link/properties/relation"),
        ),
        Column("other_event_id", Kind.STRING, "The event that it leads to.", references="events.event_id"),
        *_OPTIONAL_SPAN,
    ),
)

ACTORS = Table(
    "actors",
    "The actor registry.",
    key=("actor_id",),
    columns=(
        Column("actor_id", Kind.STRING, "Permanent id, such as alba-government."),
        Column("actor_name", Kind.STRING, "Common English name."),
        Column(
            "kind",
            Kind.STRING,
            "person, state, territory, government, ministry, military, armed-group, collective …",
            values=schema.closed_list("actors", "properties/actors/items/properties/kind"),
        ),
        Column(
            "country",
            Kind.STRING,
            "Three-letter code of the state it belongs to.",
            optional=True,
            references="countries.country",
        ),
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
        Column("actor_code", Kind.STRING, "Actor code in this period."),
        Column(
            "code_basis",
            Kind.STRING,
            "cameo: listed in the manual. composed: of CAMEO's elements. assigned: with an element that this dataset added.",
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
    "The action codes, with the scales and the crosswalks that are in use.",
    key=("action",),
    columns=(
        Column("action", Kind.STRING, "Action code. Text: 010 is not 10."),
        Column("label", Kind.STRING, "Label of the code."),
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
        Column(
            "edition", Kind.INT32, "Edition of the annotation form in which the pass was made.", values=(1, 2)
        ),
        Column("action", Kind.STRING, "Action code of an event.", optional=True, references="actions.action"),
        Column("actor_ids", Kind.STRING, "Registry ids of the actors, joined by '; '.", optional=True),
        Column("target_ids", Kind.STRING, "Registry ids of the targets, joined by '; '.", optional=True),
        Column("date", Kind.STRING, "Date of an event (EDTF).", optional=True),
        Column(
            "date_earliest",
            Kind.DATE,
            "First day on which it may have happened; null where open.",
            optional=True,
        ),
        Column("date_latest", Kind.DATE, "Last such day; null where open.", optional=True),
        replace(_SHAPE, optional=True),
        Column("date_basis", Kind.STRING, "What the date rests on.", optional=True, values=DATE_BASES),
        Column("status", Kind.STRING, "asserted, hedged or contested.", optional=True, values=STATUSES),
        Column(
            "source_ids", Kind.STRING, "Registry ids of who vouches for it, joined by '; '.", optional=True
        ),
        Column("relay_ids", Kind.STRING, "Registry ids of who relayed it, joined by '; '.", optional=True),
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
        Column("evidence_start", Kind.INT32, "Where the evidence starts.", optional=True),
        Column("evidence_end", Kind.INT32, "Where it ends, exclusive.", optional=True),
        Column("place_ids", Kind.STRING, "Registry ids of an event's places, joined by '; '.", optional=True),
        Column("reason", Kind.STRING, "Why a negative is not an event.", optional=True, values=REASONS),
        Column("mark_start", Kind.INT32, "Where the words start that the reason rests on.", optional=True),
        Column("mark_end", Kind.INT32, "Where they end, exclusive.", optional=True),
        Column(
            "would_be_action",
            Kind.STRING,
            "Action code that a careless coder would enter for a negative.",
            optional=True,
            references="actions.action",
        ),
        Column("would_be_actor_id", Kind.STRING, "Actor that a careless coder would enter.", optional=True),
        Column("would_be_target_id", Kind.STRING, "Target that a careless coder would enter.", optional=True),
        Column("note", Kind.STRING, "The annotator's own note.", optional=True),
        Column(
            "adjudicated_id",
            Kind.STRING,
            "The released event or negative that it was matched to; null where it was not kept.",
            optional=True,
        ),
    ),
)

DIFFERENCES = Table(
    "differences",
    "What the passes and the released records code differently, one row for each reading of a field that differs.",
    key=("event_id", "field", "reading"),
    columns=(
        Column("event_id", Kind.STRING, "The released event.", references="events.event_id"),
        Column(
            "field",
            Kind.STRING,
            "The field of the annotation; record is present where the reading has the event, and absent elsewhere.",
            values=DIFFERING,
        ),
        Column("reading", Kind.STRING, "The annotator of a pass, or released."),
        Column(
            "value",
            Kind.STRING,
            "What this reading has; several ids are joined by '; '. Null: nothing.",
            optional=True,
        ),
    ),
)

PLACES = Table(
    "places",
    "The place registry. Use coordinates together with the precision in locations.",
    key=("place_id",),
    columns=(
        Column("place_id", Kind.STRING, "Permanent id, such as deir-ez-zor."),
        Column("place_name", Kind.STRING, "Common English name."),
        Column(
            "kind",
            Kind.STRING,
            "What sort of place it is. The precision of its coordinates follows from it.",
            values=schema.closed_list("places", "properties/places/items/properties/kind"),
        ),
        Column(
            "parent_id",
            Kind.STRING,
            "The next larger place that it lies in.",
            optional=True,
            references="places.place_id",
        ),
        Column(
            "country",
            Kind.STRING,
            "Three-letter code of the country or territory that it lies in.",
            optional=True,
            references="countries.country",
        ),
        Column(
            "latitude",
            Kind.FLOAT64,
            "Degrees north (WGS 84) of a point that stands for the place.",
            optional=True,
            minimum=-90.0,
            maximum=90.0,
        ),
        Column(
            "longitude",
            Kind.FLOAT64,
            "Degrees east (WGS 84).",
            optional=True,
            minimum=-180.0,
            maximum=180.0,
        ),
        Column("coordinates_source", Kind.STRING, "Where the coordinates come from.", optional=True),
        Column("coordinates_licence", Kind.STRING, "Licence of that source.", optional=True),
        Column("geonames", Kind.INT32, "GeoNames id, only where it was verified.", optional=True),
        Column("note", Kind.STRING, "Remarks on the entry.", optional=True),
    ),
)

LOCATIONS = Table(
    "locations",
    "Where events happened, as far as the text names the place.",
    key=("event_id", "position"),
    columns=(
        Column("event_id", Kind.STRING, "The event.", references="events.event_id"),
        Column("position", Kind.INT32, "Place in the list, from 1."),
        Column("place_id", Kind.STRING, "The place.", references="places.place_id"),
        Column(
            "relation",
            Kind.STRING,
            "at: it happened there. near: close to it. from: it started there. toward: it was aimed there. over: it "
            "passed above it.",
            values=schema.closed_list("annotation", "$defs/location/properties/relation"),
        ),
        Column(
            "ucdp_where_prec",
            Kind.INT32,
            "Precision on UCDP GED's scale, 1 (exact) to 7 (international waters or airspace); null for a direction.",
            optional=True,
            values=(1, 2, 3, 4, 5, 6, 7),
        ),
        Column(
            "acled_geo_precision",
            Kind.INT32,
            "Precision on ACLED's scale, 1 (town) to 3 (region); null beyond it and for a direction.",
            optional=True,
            values=(1, 2, 3),
        ),
        *_SPAN,
    ),
)

SENTENCES = Table(
    "sentences",
    "The sentences of the documents, so that coders that work by sentence can be compared. Computed.",
    key=("document_id", "position"),
    columns=(
        Column("document_id", Kind.STRING, "The document.", references="documents.document_id"),
        Column("position", Kind.INT32, "Number of the sentence in the document, from 1."),
        *_SPAN,
    ),
)

COUNTRIES = Table(
    "countries",
    "The country and region codes, with those of other lists.",
    key=("country",),
    columns=(
        Column("country", Kind.STRING, "Three-letter code in the list of countries."),
        Column("country_name", Kind.STRING, "English name."),
        Column("kind", Kind.STRING, "country, territory or region."),
        Column(
            "iso_alpha3", Kind.STRING, "ISO 3166-1 alpha-3 code; null where there is none.", optional=True
        ),
        Column("iso_alpha2", Kind.STRING, "ISO 3166-1 alpha-2 code.", optional=True),
        Column("iso_numeric", Kind.STRING, "ISO 3166-1 numeric code. Text: 004 is not 4.", optional=True),
        Column(
            "cow_code",
            Kind.INT32,
            "State number of the Correlates of War project (state list v2016); null where it lists no state.",
            optional=True,
        ),
        Column("cow_abbreviation", Kind.STRING, "State abbreviation of the same list.", optional=True),
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
        LOCATIONS,
        LINKS,
        NEGATIVES,
        SENTENCES,
        ACTORS,
        AFFILIATIONS,
        PLACES,
        COUNTRIES,
        ACTIONS,
        PASSES,
        DIFFERENCES,
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
