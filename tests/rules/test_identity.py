"""Ids: unique now, and permanent over time."""

from __future__ import annotations

from pathlib import Path

import pytest

from breaking import ACTORS, found, only, run


def test_actors_twice_or_out_of_order_are_told_where_they_stand() -> None:
    finding = only(found(ACTORS, "id: boreland-military\n", "id: boreland\n"), "duplicate-id")
    assert (finding.data["value"], finding.line) == ("boreland", 40)
    finding = only(found(ACTORS, "id: ostrov-wire", "id: aa-wire"), "ids-out-of-order")
    assert (finding.data["value"], finding.line) == ("aa-wire", 48)
    assert "boreland-military" in finding.message


@pytest.mark.parametrize(
    ("gone", "named"),
    [(1, "d900-e05 "), (3, "d900-e05, d900-e06, d900-e07 "), (4, "d900-e05, d900-e06, d900-e07 and 1 more")],
)
def test_ids_that_are_gone_are_named_up_to_three(gone: int, named: str, examples: Path) -> None:
    (examples / "retired.csv").write_text("id,since,reason,replaced_by\n")
    ids = "".join(f"d900-e0{5 + i}\n" for i in range(gone))
    (examples.parent / "releases/v0.1.0/events.csv").write_text(f"event_id\n{ids}")
    finding = only(run(examples).findings, "id-vanished")
    assert finding.message.startswith(named)
    assert "0.1.0" in finding.message
    assert "retired.csv" in (finding.remedy or "")


def test_what_is_not_named_as_a_release_is_none(examples: Path) -> None:
    (examples.parent / "releases" / "w9.0.0").mkdir()
    (examples.parent / "releases" / "w9.0.0" / "events.csv").write_text("event_id\nd909-e01\n")
    (examples.parent / "releases" / "v9.0.0.dev1").mkdir()
    (examples.parent / "releases" / "v9.0.0.dev1" / "events.csv").write_text("event_id\nd909-e01\n")
    (examples.parent / "releases" / "v9.0.0").write_text("a file")
    assert run(examples).findings == []
    (examples.parent / "releases/v0.1.0/events.csv").write_text("event_id\nd909-e01\n")
    assert only(run(examples).findings, "id-vanished").id == "d909-e01"


@pytest.mark.parametrize("content", [b"id\nd909-e01\n", b"event_id,x\n,d909-e01\n", b"event_id\n\xff\n", b""])
def test_of_a_damaged_release_the_ids_that_can_be_read_are_looked_for(content: bytes, examples: Path) -> None:
    release = examples.parent / "releases/v0.1.0"
    (release / "documents.csv").write_bytes(content.replace(b"event_id", b"document_id"))
    (release / "events.csv").write_bytes(content)
    (release / "negatives.csv").write_text("negative_id\nd909-n01\n")
    assert only(run(examples).findings, "id-vanished").id == "d909-n01"


def test_a_withdrawn_id_may_lead_to_one_that_nothing_replaced(examples: Path) -> None:
    with (examples / "retired.csv").open("a") as file:
        file.write("d900-e07,0.2.0,One act.,d900-e08\nd900-e08,0.2.0,No act.,\n")
    assert run(examples).findings == []


def test_a_withdrawn_id_may_lead_to_a_record_of_a_file_that_is_not_read(examples: Path) -> None:
    with (examples / "retired.csv").open("a") as file:
        file.write("d900-e07,0.2.0,One act.,d905-e01\nd900-e08,0.2.0,One act.,d906-e01\n")
    (examples / "events" / "d905.yml").write_text("x")
    codes_ = {(finding.code, finding.id) for finding in run(examples).findings}
    assert codes_ == {("stray-file", None), ("retired-successor-unknown", "d900-e08")}


@pytest.mark.parametrize(
    ("row", "key"),
    [("ids-out-of-order,d901-n01,,,Why.", "since"), ("ids-out-of-order,d901-n01,,0.1.0,", "reason")],
)
def test_what_an_accepted_finding_lacks_is_named(row: str, key: str, examples: Path) -> None:
    with (examples / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    first = run(examples).findings[0]
    assert (first.code, first.data["field"]) == ("acceptance-incomplete", f"[2].{key}")
