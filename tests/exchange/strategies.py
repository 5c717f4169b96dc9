"""Hypothesis strategies for coded documents with awkward texts, and what equality of records means."""

from dataclasses import replace

from hypothesis import strategies as st

from standoff.codes import shipped
from standoff.exchange.coded import Coded, Source
from standoff.exchange.documents import Document, Documents
from standoff.exchange.items import CHOICES, RELATIONS, WHERE
from standoff.exchange.records import Link, Negative, Party, Passage, Place, Record, WouldBe
from standoff.model import dates
from standoff.model.spans import Span, splits_grapheme

# Letters that repeat, astral, combining, right-to-left, joined and flag characters, quotes, and every kind of space.
PIECES = st.sampled_from(
    [
        "a",
        "b",
        "the",
        " ",
        " ",
        ".",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\t",
        "💥",
        "𝕏",
        "e\u0301",
        "👩\u200d🚀",
        "🇧🇻",
        "م",
        "عر",
        "\u202b",
        "é",
        "ﬁ",
        "”",
        "<&>",
        "]]>",
        '"',
        "\\",
        "|",
        ";",
        "\u2028",
        "\u00a0",
        "中",
    ]
)
TEXTS = st.builds(
    lambda mark, pieces, end: mark + "".join(pieces) + end,
    st.sampled_from(["", "", "\ufeff"]),
    st.lists(PIECES, min_size=3, max_size=40),
    st.sampled_from(["z", "z\n", "z\r\n"]),
)
FREE = st.text(
    st.one_of(
        st.sampled_from("a b|;:=\\\"'<&>\t\n\r\u2028\u0085\u00a0💥é\u0301م-#"), st.characters(codec="utf-8")
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: not any((c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" for c in text))
ACTORS = st.sampled_from(["hamas", "iran", "us-government", "unnamed"])
DATES = st.sampled_from(["2023-10-17", "[..2024-08-06]", "2024-07-31/2024-08-06", "../2024-08-06", "2024"])
ACTIONS = st.sampled_from(["010", "190", "1123", "ASSAULT:aerial", "A_b.c-d"])


@st.composite
def coded(draw, document_id="d001"):
    """Return a document with up to four events and two negatives; spans may overlap."""
    text = draw(TEXTS)
    cuts = [at for at in range(len(text) + 1) if not splits_grapheme(text, at)]
    ends = [(a, b) for i, a in enumerate(cuts) for b in cuts[i + 1 : i + 12] if _good(text[a:b])]

    def passage():
        a, b = draw(st.sampled_from(ends))
        return Passage(text[a:b], Span(a, b))

    def maybe(value):
        return value if draw(st.booleans()) else None

    def party(relays=False):
        words = passage() if relays or draw(st.integers(0, 5)) else None
        return Party(
            id=draw(ACTORS),
            name=words.words if words else None,
            passage=words,
            implicit=draw(st.booleans()) and not relays,
        )

    def source():
        via = tuple(party(True) for _ in range(draw(st.integers(0, 2))))
        return replace(party(True), via=via)

    ids = [f"{document_id}-e{n:02}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    records = []
    for own in ids:
        others = st.sampled_from([each for each in ids if each != own] or ["d999-e01"]) | st.just("d999-e01")
        records.append(
            Record(
                line=1,
                id=own,
                document=document_id,
                document_id=document_id,
                trigger=passage(),
                evidence=passage(),
                action=draw(ACTIONS),
                actors=tuple(party() for _ in range(draw(st.integers(0, 3)))),
                targets=tuple(party() for _ in range(draw(st.integers(0, 2)))),
                date=dates.parse(draw(DATES)),
                date_basis=draw(st.sampled_from(CHOICES["date_basis"])),
                status=draw(st.sampled_from(CHOICES["status"])),
                attribution=tuple(source() for _ in range(draw(st.integers(0, 2)))),
                places=tuple(
                    Place(id="tehran", relation=draw(st.sampled_from(WHERE)), passage=passage())
                    for _ in range(draw(st.integers(0, 2)))
                ),
                links=tuple(
                    Link(draw(st.sampled_from(RELATIONS)), draw(others), maybe(passage()))
                    for _ in range(draw(st.integers(0, 2)))
                ),
                mentions=tuple(passage() for _ in range(draw(st.integers(0, 2)))),
                reciprocal=draw(st.booleans()),
                count_min=draw(st.integers(1, 9)),
                incident=maybe("i-same"),
                note=maybe(draw(FREE)),
                shape=maybe(draw(st.sampled_from(CHOICES["shape"]))),
                source_error=maybe(draw(FREE)),
            )
        )
    negatives = [
        Negative(
            line=1,
            id=f"{document_id}-n{n:02}",
            document=document_id,
            document_id=document_id,
            trigger=passage(),
            evidence=maybe(passage()),
            mark=maybe(passage()),
            reason=draw(st.sampled_from(CHOICES["reason"])),
            would_be=maybe(WouldBe(draw(ACTIONS), maybe("iran"), maybe("hamas"))),
            note=maybe(draw(FREE)),
        )
        for n in range(1, draw(st.integers(0, 2)) + 1)
    ]
    return Coded(Document(document_id, text=text, file=f"{document_id}.txt"), records, negatives)


def _good(words):
    return words == words.strip() and words.strip("\ufeff\u202b") != ""


def source_of(*documents):
    """Return these documents as what is exported."""
    known = {each.document.id: each for each in documents}
    actions = [
        {"action": a.code, "label": a.label, "parent": a.parent} for a in shipped.scheme().actions.values()
    ]
    return Source("test", tuple(sorted(known)), known.__getitem__, dict, tuple(actions), {}, {})


def documents_of(*documents):
    """Return the documents that a reader knows."""
    return Documents(each.document for each in documents)


def plain(records):
    """Return records without what only says where they were read."""
    return [replace(each, line=1, file="", faults=(), document="d") for each in records]
