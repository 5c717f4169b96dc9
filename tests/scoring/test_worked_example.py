"""The example on docs/scoring.md, to the digit."""

import re
from dataclasses import replace
from pathlib import Path

from standoff.exchange.documents import Document, Documents
from standoff.exchange.records import Party, Passage, Record
from standoff.model import dates
from standoff.model.spans import Span
from standoff.scoring.align import align
from standoff.scoring.causes import DUPLICATE
from standoff.scoring.ladder import Tally
from standoff.scoring.measures import hierarchical

PAGE = Path(__file__).parents[2] / "docs" / "scoring.md"
PLACES = {"attacked": 0, "airstrikes": 20, "visited": 40, "warned": 60}


def rows(first):
    """The cells of the rows whose first cell matches, in the worked example."""
    part = PAGE.read_text("utf-8").split("### A worked example")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if re.match(rf"\| {first} \|", line)
    ]


def record(number, cells):
    name, trigger, action, actor, target, date = cells[:6]
    start = PLACES[trigger]
    return Record(
        number,
        id=name,
        document="d",
        document_id="d",
        trigger=Passage(trigger, Span(start, start + len(trigger))),
        action=action,
        actors=(Party(code=actor),),
        targets=(Party(code=target),),
        date=dates.parse(date),
        status="asserted",
    )


def test_the_page_shows_what_the_scorer_computes(gold):
    truth = tuple(record(n, cells) for n, cells in enumerate(rows(r"g\d"), start=1))
    made = replace(gold, records=truth, negatives=(), documents=Documents([Document("d")]))
    predicted = [record(n, cells) for n, cells in enumerate(rows(r"p\d"), start=1)]
    result = align("x", predicted, made, gold.codes, "trigger", "code")
    assert (len(truth), len(predicted)) == (3, 5)

    shown = rows("(?:found|root|code|direction|date)")
    assert len(shown) == 5
    for rung, hits, *figures in shown:
        tally = result.ladder[rung]
        assert tally.hits == int(hits)
        assert [f"{v:.3f}" for v in (tally.precision, tally.recall, tally.f1)] == [f[-5:] for f in figures]
    assert {o.predicted.id: o.cause for o in result.outcomes if o.kind == "false alarm"} == {
        "p4": "elsewhere",
        "p5": DUPLICATE,
    }
    sums = [
        sum(column) for column in zip(*(hierarchical(o, gold.codes) for o in result.outcomes), strict=True)
    ]
    credit = Tally(*sums[:3])
    assert (credit.hits, credit.predicted, credit.gold) == (5, 10, 6)
    assert [f"{v:.3f}" for v in (credit.precision, credit.recall, credit.f1)] == ["0.500", "0.833", "0.625"]
    page = PAGE.read_text("utf-8")
    assert "5/10 = 0.500" in page
    assert "5/6 = 0.833, F1 10/16 = 0.625" in page
