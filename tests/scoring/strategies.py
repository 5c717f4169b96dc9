"""Predictions as a coder might make them: gold events, bent in every field that the ladder looks at."""

from dataclasses import replace

from hypothesis import strategies as st

from standoff.codes import shipped
from standoff.exchange.records import LEVELS, Party, Passage, Record
from standoff.model import dates
from standoff.model.spans import Span

CODES = sorted(shipped.scheme().actions)
DAYS = [dates.parse(text) for text in ("2019-05-01", "2019-05-01/2019-05-09", "[..2019-05-05]", "2020")]
PARTIES = [Party(code=code) for code in ("ISR", "USAGOV", "LBNREBHEZ", "IRNGOV")] + [
    Party(name="nobody at all")
]


@st.composite
def bent(draw, records):
    """One record of the gold with up to three fields changed."""
    record = draw(st.sampled_from(records))
    for change in draw(
        st.lists(
            st.sampled_from(("action", "parties", "swap", "date", "status", "trigger", "blind")), max_size=3
        )
    ):
        if change == "action":
            record = replace(record, action=draw(st.sampled_from(CODES)))
        elif change == "parties":
            record = replace(record, actors=tuple(draw(st.lists(st.sampled_from(PARTIES), max_size=2))))
        elif change == "swap":
            record = replace(record, actors=record.targets, targets=record.actors)
        elif change == "date":
            record = replace(record, date=draw(st.none() | st.sampled_from(DAYS)))
        elif change == "status":
            record = replace(record, status=draw(st.sampled_from(("asserted", "hedged", "contested"))))
        elif change == "blind":
            record = replace(record, trigger=None, level=draw(st.sampled_from(LEVELS[1:])))
        else:
            start = draw(st.integers(0, 400))
            span = Span(start, start + draw(st.integers(1, 40)))
            record = replace(record, trigger=Passage(None, span), level=LEVELS[0])
    return replace(record, id=None)


def predictions(records, most=12):
    """A list of bent records, with repeats."""
    return st.lists(bent(records), max_size=most).map(
        lambda made: [replace(record, line=n) for n, record in enumerate(made, start=1)]
    )


def spurious(document_id):
    """A record that can match no event: its trigger is nowhere."""
    return Record(line=10_000, document=document_id, document_id=document_id, action="190")
