"""Predictions in a table are those that JSON would state."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange import formats, tables
from standoff.exchange.documents import Document, Documents
from standoff.exchange.predictions import from_values
from standoff.exchange.records import content

TEXT = "The envoy met the rebels in Beirut. The envoy met the press."
DOCUMENTS = Documents([Document("d1", text=TEXT, file="C/a.txt"), Document("d2")])
TITLES = {
    "document": ("document", "Doc ID", "file_name"),
    "trigger": ("trigger", "Quote", "trigger_text"),
    "action": ("action", "CAMEO code", "event_type"),
    "actors": ("actors", "Source"),
    "date": ("date", "event_date"),
    "note": ("note", "rationale"),
}
NAMED = {"document": st.sampled_from(("d1", "d2", "d9", "C:\\texts\\a.txt"))}
OPTIONAL = {
    "trigger": st.sampled_from(("met the rebels", "The envoy met", "nowhere", 'a "b", c')),
    "action": st.sampled_from(("190", "042", "42", "no code")),
    "actors": st.lists(st.sampled_from(("ISR", "USAGOV", "Hezbollah")), min_size=1, max_size=2),
    "date": st.sampled_from(("2023-10-07", "../2023-10-07", "soon")),
    "note": st.sampled_from(("a, b", "two\nlines", ";|\t")),
}


@given(st.data(), st.sampled_from(",;\t|"), st.booleans())
def test_a_table_states_what_json_states(tmp_path_factory, data, between, upper):
    rows = data.draw(st.lists(st.fixed_dictionaries(NAMED, optional=OPTIONAL), max_size=4))
    titles = {name: data.draw(st.sampled_from(each)) for name, each in TITLES.items()}
    order = data.draw(st.permutations(sorted(TITLES)))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between)
    writer.writerow([titles[name].upper() if upper else titles[name] for name in order])
    for row in rows:
        shown = {name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        writer.writerow(
            [
                " ".join(shown.get(name, "").split()) if between == "\t" else shown.get(name, "")
                for name in order
            ]
        )
    path = tmp_path_factory.mktemp("tables") / "answers.csv"
    path.write_text(out.getvalue(), "utf-8", newline="")
    assert formats.recognise(path) == "predictions"
    found, wanted = formats.read(path, DOCUMENTS), from_values(rows, DOCUMENTS)
    assert [content(record) for record in found.records] == [content(record) for record in wanted.records]
    assert found.counts == wanted.counts


def test_numbers_and_truth_values_are_read_as_such(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "document,trigger,trigger_start,trigger_end,action,confidence,reciprocal,sentence\nd1,met,10,13,040,0.5,TRUE,1\n"
    )
    intake = formats.read(path, DOCUMENTS)
    [record] = intake.records
    assert record.trigger.span.of(TEXT) == "met"
    assert (record.confidence, record.reciprocal, record.sentence, dict(intake.counts)) == (0.5, True, 1, {})


def test_a_table_in_a_code_fence_and_rows_of_other_width(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("```csv\ndocument,trigger,action\nd1,met the rebels,040\nd1,met the press\n```\n")
    intake = formats.read(path, DOCUMENTS)
    assert [fault.shown("a") for fault in intake.faults] == ["a:4 unparsable: expected 3 cells, found 2"]
    assert len(intake.records) == 2


@pytest.mark.parametrize("row", [["document", "action"], ["Doc-ID", "QUOTE", ""], ["file", "code", "x"]])
def test_titles_of_predictions(row):
    assert tables.names_columns(row)


@pytest.mark.parametrize("row", [[], ["document"], ["trigger", "action"], ["d1", "met"], ["", ""]])
def test_what_names_no_document_or_nothing_about_it_is_no_header(row):
    assert not tables.names_columns(row)
