"""What a rule lets pass, what it does not, and what it says: cases that one example for each rule cannot show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breaking import ACTORS, D900, D901, codes, found, run
from standoff.report import text
from standoff.rules import pages

STRAIT = """evidence: "Australis could close the strait"
    trigger: "close the strait"
    mark: "could"
"""


# ---- what is said --------------------------------------------------------------------------------------------


def test_a_finding_tells_place_id_excerpt_and_what_was_meant() -> None:
    [finding] = found(D900, 'trigger: "denied"', 'trigger: "denies"')
    assert (finding.path, finding.line, finding.column, finding.end_column) == (D900, 48, 20, 21)
    assert finding.id == "d900-e04"
    assert finding.excerpt == '    trigger: "denies"'
    assert finding.closest == "denied"
    assert finding.data == {"field": "events[4].trigger", "value": "denies"}


@pytest.mark.parametrize(
    ("right", "wrong", "code", "field", "closest"),
    [
        ('trigger: "denied"', 'triger: "denied"', "unknown-key", "events[4].triger", "trigger"),
        ("status: contested", "status: contest", "unknown-value", "events[3].status", "contested"),
        ('action: "044"', "action: 44", "wrong-type", "events[1].action", None),
        ('action: "044"', 'action: "44"', "unknown-action", "events[1].action", "044"),
        ("id: boreland-military", "id: boreland-militia", "unknown-actor", "events[3].actor[1].id", "boreland-military"),
        ("id: unnamed", "id: unamed", "unknown-actor", "events[3].attribution[1].id", None),
        ("event: d900-e02", "event: d900-e03", "link-to-nowhere", "events[3].links[1].event", None),
        ("event: d900-e02", "event: d901-n01", "malformed-value", "events[3].links[1].event", None),
        ("sha256: \"", "sha256: \"A", "malformed-value", "document.sha256", None),
        ('date: "2023-05-01"', 'date: "2023-05-01/2023-04-01"', "date-malformed", "events[1].date", None),
    ],
)  # fmt: skip
def test_findings_say_what_is_wrong_and_what_was_meant(
    right: str, wrong: str, code: str, field: str, closest: str | None
) -> None:
    first = found(D900, right, wrong)[0]
    assert (first.code, first.data["field"], first.closest) == (code, field, closest)


@pytest.mark.parametrize(
    ("right", "wrong", "example"),
    [
        ('license = "CC-BY-4.0"', 'license = "see the web page"', "CC-BY-4.0"),
        ('license = "CC-BY-4.0"', 'license = ""', "CC-BY-4.0"),
        ('version = "0.2.0"', 'version = "1.0.0.dev01"', "0.2.0"),
    ],
)
def test_what_describes_the_dataset_has_its_shape(right: str, wrong: str, example: str) -> None:
    [finding] = found("dataset/dataset.toml", right, wrong)
    assert finding.code == "malformed-value"
    [shape] = finding.data["expected"]
    assert shape.endswith(example)
    assert shape in finding.message


def test_the_remedy_lists_the_words_that_a_key_allows() -> None:
    [finding] = found(D900, "relation: in_response_to", "relation: follows")
    assert finding.data["expected"] == ["in_response_to", "part_of", "speaks_of"]
    assert "in_response_to, part_of, speaks_of" in (finding.remedy or "")
    [finding] = found(D900, "implicit: true", "implicit: false")
    assert finding.data["expected"] == ["true"]


@pytest.mark.parametrize(
    ("right", "wrong", "code", "may_go"),
    [
        ('trigger: "denied"', 'trigger: ["denied"]', "wrong-type", None),
        ('target: []\n', 'target: "nobody"\n', "wrong-type", None),
        ('note: "The denial addresses nobody."', "note:", "wrong-type", "key"),
        ("reason: hypothetical", "reason: true", "unknown-value", None),
        ('note: "The denial addresses nobody."', 'note: ""', "malformed-value", "key"),
        ('trigger: "denied"', 'trigger: ""', "malformed-value", None),
        ('trigger: "denied"', "trigger:", "wrong-type", None),
        ('title: "[Talks and shells between Boreland and Australis]"', 'title: ""', "malformed-value", None),
        ('quote: "officials"', 'quote: ""', "malformed-value", None),
        ("target: []\n", "target:\n", "wrong-type", None),
        ('note: "The denial addresses nobody."', 'note: "Nobody."\n    mentions: []', "value-out-of-range", "key"),
        ('note: "The denial addresses nobody."', 'note: "Nobody."\n    mentions: [""]', "malformed-value", "entry"),
        ('title: "[Talks', 'language: fr\n  title: "[Talks', "duplicate-key", None),
    ],
)  # fmt: skip
def test_only_what_may_be_missing_is_to_be_deleted(
    right: str, wrong: str, code: str, may_go: str | None
) -> None:
    [finding] = found(D900, right, wrong)
    assert (finding.code, finding.fix) == (code, None)
    assert re.findall(r"delete the (\w+)", finding.remedy or "") == ([may_go] if may_go else [])


def test_periods_that_overlap_are_told_by_number() -> None:
    [finding] = found(ACTORS, 'until: "2020-05-31"', 'until: "2020-06-01"')
    assert (finding.code, finding.id) == ("periods-overlap", "boreland-foreign-minister")
    assert re.findall(r"\d+", finding.message) == ["1", "2"]


def test_unquoted_codes_come_with_a_fix() -> None:
    [finding] = found(D900, 'action: "138"', "action: 138")
    assert finding.fix is not None
    assert finding.fix.replacement == '"138"'


@pytest.mark.parametrize(
    ("right", "wrong", "closest", "outside"),
    [
        ('quote: "The foreign minister of Boreland"', 'quote: "Australis denied"', None, True),
        ('trigger: "met"', 'trigger: "warned"', None, False),
        ('quote: "her counterpart from Australis"', 'quote: "her counterpart from Australia"', "her counterpart from Australis", False),
    ],
)  # fmt: skip
def test_words_that_stand_elsewhere_are_told_apart_from_words_that_do_not(
    right: str, wrong: str, closest: str | None, outside: bool
) -> None:
    [finding] = [f for f in found(D900, right, wrong) if f.code == "quote-not-found"]
    assert finding.closest == closest, "words that are elsewhere are right as they are"
    assert ("outside: true" in (finding.remedy or "")) == outside


def test_an_ambiguous_quote_tells_the_lines() -> None:
    [finding] = found(D900, 'evidence: "Australis denied the attack"', 'evidence: "Boreland"')
    assert finding.code == "quote-ambiguous"
    assert re.findall(r"\d+", finding.message) == ["2", "1", "3"], "two places, on lines 1 and 3"
    [finding] = found(D900, 'trigger: "shelled"', 'trigger: "e"')
    assert re.findall(r"\d+", finding.message) == ["7", "3"]


@pytest.mark.parametrize(("wrong", "meant"), [("NFKGVO", "NFKGOV"), ("KNFMIL", "NFKMIL"), ("NFKQQQ", None)])
def test_a_code_of_unknown_elements_comes_with_the_one_that_was_meant(wrong: str, meant: str | None) -> None:
    [finding] = found(ACTORS, 'code: "NFKMIL"', f'code: "{wrong}"')
    assert (finding.code, finding.closest) == ("unknown-code-element", meant)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [("status: yes", "unknown-value"), ("status: 010", "unknown-value"), ("count_min: 010", "wrong-type")],
)
def test_what_is_wrong_however_it_is_read_is_one_finding(wrong: str, code: str) -> None:
    assert codes(
        D900, "status: contested", f"status: contested\n    {wrong}" if "count" in wrong else wrong
    ) == [code]


def test_a_record_that_stands_twice_is_one_finding() -> None:
    record = (pages.EXAMPLES / D900).read_text("utf-8")
    record = record[record.index("  - id: d900-e04\n") : record.index("negatives:")]
    assert codes(D900, "negatives:", f"{record}negatives:") == ["duplicate-id"]


# ---- what passes, and what does not --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        # the Monday of the evidence, within a set or outside it
        ('date: "2023-05-01"', 'date: "[2023-04-29..2023-05-01]"', []),
        ('date: "2023-05-01"', 'date: "[2023-04-25..2023-04-30]"', ["weekday-contradicted"]),
        ('date: "2023-05-01"', 'date: "[2023-04-24..2023-04-30]"', []),
        ('date: "2023-05-01"', 'date: "2023-05-02"', ["weekday-contradicted"]),
        ('date: "2023-05-01"', 'date: "2023-04"', []),
        ('date: "2023-05-01"', 'date: "[..2023-05-01]"', []),
        # bounded by the document's own date
        ('"016"\n    date: "[..2023-05-02]"', '"016"\n    date: "../2023-05-02"', []),
        ('"016"\n    date: "[..2023-05-02]"', '"016"\n    date: "[..2023-05-01]"', ["date-basis-contradicted"]),
        ('"016"\n    date: "[..2023-05-02]"', '"016"\n    date: "[2023-05-01..2023-05-02]"', ["date-basis-contradicted"]),
        ('"016"\n    date: "[..2023-05-02]"', '"016"\n    date: "[..2023-05-03]"', ["date-after-publication"]),
        # a target that may be missing needs a note; one that may not is missing whatever the note
        ('    note: "The denial addresses nobody."\n', "", ["missing-target"]),
        ('action: "016"', 'action: "111"', ["missing-target"]),
        # reciprocal acts
        ('action: "044"', 'action: "040"\n    reciprocal: true', []),
        ('action: "044"', 'action: "042"\n    reciprocal: true', ["one-way-reciprocal"]),
        ('id: boreland-foreign-minister, quote: "The foreign minister of Boreland"}]\n    target: [{id: australis-government, quote: "her counterpart from Australis"}]\n    action: "044"', 'id: australis-government, quote: "The foreign minister of Boreland"}]\n    target: [{id: australis-government, quote: "her counterpart from Australis"}]\n    action: "040"\n    reciprocal: true', ["actor-is-target"]),
        # sources
        ("status: contested\n    attribution", "status: hedged\n    attribution", []),
        ('id: boreland-military, quote: "the army of Boreland"', 'id: unnamed, quote: "the army of Boreland"', ["unknown-actor"]),
        ('    target: []\n    action: "016"', '    target: []\n    attribution: [{id: australis, quote: "Australis"}]\n    action: "016"', ["self-attribution"]),
        ('    target: []\n    action: "016"', '    target: []\n    attribution: [{id: boreland, quote: "Australis"}]\n    action: "016"', ["words-of-other-actor"]),
        # outside and implicit
        ('actor: [{id: australis, quote: "Australis"}]\n', 'actor: [{id: australis, implicit: true}]\n    attribution: [{id: australis, quote: "Australis"}]\n', ["implicit-not-target"]),
        ('target: [{id: australis, implicit: true}]', 'target: [{id: australis, implicit: true, outside: true}]', ["implicit-not-target"]),
        # a negative inside evidence, and on a trigger
        (STRAIT, 'evidence: "the attack"\n    trigger: "attack"\n', []),
        (STRAIT, 'evidence: "Australis denied"\n    trigger: "denied"\n', ["negative-is-event"]),
        # words
        (STRAIT, 'evidence: "say.\\n"\n    trigger: "say"\n', ["quote-padded"]),
        (STRAIT, 'evidence: "Monday.\\n\\nShe"\n    trigger: "Monday"\n', ["quote-cut"]),
        (STRAIT, 'evidence: "Cafe\u0301"\n    trigger: "Cafe\u0301"\n', []),
        (STRAIT, 'evidence: "\u0301 Est"\n    trigger: "Est"\n', ["quote-cut"]),
        # numbers
        ('date: "2023-05-01"', 'date: "2023-05-01"\n    count_min: 7.0', []),
        ('date: "2023-05-01"', 'date: "2023-05-01"\n    count_min: 1000001', ["value-out-of-range"]),
        ('date: "2023-05-01"', 'date: "2023-05-01"\n    mentions: []', ["value-out-of-range"]),
        # publication
        ('published: {date: "2023-05-02"', 'published: {date: "[2023-05-02..]"', ["publication-date-malformed"]),
    ],
)  # fmt: skip
def test_what_passes_and_what_does_not(right: str, wrong: str, expected: list[str]) -> None:
    assert codes(D900, right, wrong) == expected


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ('until: "2020-05-31"', 'until: "2020-06-01"', ["periods-overlap"]),
        ('until: "2020-05-31"', 'until: "2020"', ["periods-overlap"]),
        ('until: "2020-05-31"', 'from: "2020-06"\n        until: "2020-05-31"', ["period-malformed"]),
        ('until: "2020-05-31"', 'until: "2019-05-01/2020-05-31"', ["period-malformed"]),
        ('from: "2020-06-01"', 'from: "2023-05-02"', ["actor-outside-period"]),
        ('from: "2020-06-01"', 'from: "2023-05-01"', []),
        ('aliases: ["Holm"]', 'aliases: ["Holm", "ada holm"]', ["alias-repeated"]),
        ('aliases: ["Holm"]', 'aliases: ["Holm", "BORELAND"]', ["alias-collision"]),
        ('country: "NFK"\n    aliases', 'country: "XQZ"\n    aliases', ["unknown-code-element"]),
        ("id: boreland-military\n", "id: boreland-army\n", ["unknown-actor"] * 3),
        ("kind: military", "kind: army", ["unknown-value"]),
        ('code: "NFKMIL"\n        basis: composed', 'code: "PCNMIL"\n        basis: composed', ["code-of-other-country"]),
        ('code: "NFKMIL"\n        basis: composed', 'code: "PCNMIL"\n        basis: cameo', []),
    ],
)  # fmt: skip
def test_what_passes_in_the_registry(right: str, wrong: str, expected: list[str]) -> None:
    found_codes = codes(ACTORS, right, wrong)
    assert [code for code in found_codes if code not in ("ids-out-of-order", "unused-actor")] == expected


def test_a_broken_entry_of_the_registry_is_not_unknown_to_the_events() -> None:
    assert codes(ACTORS, "kind: person", "kind: people") == ["unknown-value"]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("  - id: d900-e02\n    evidence", "  - evidence", "missing-key"),
        ("- id: d900-e02\n", "- idd: d900-e02\n", "unknown-key"),
        ("- id: d900-e02\n", "- id: D900-E02\n", "malformed-value"),
        ("- id: d900-e02\n", "- id: 902\n", "wrong-type"),
        ("- id: d900-e02\n", "- id:\n", "wrong-type"),
    ],
)
def test_an_id_of_the_wrong_form_is_one_finding_though_another_event_links_to_it(
    right: str, wrong: str, code: str
) -> None:
    assert codes(D900, right, wrong) == [code]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("- name:", "missing-key"),
        ("- idd: boreland-military\n    name:", "unknown-key"),
        ("- id: Boreland-Military\n    name:", "malformed-value"),
        ("- id: 7\n    name:", "wrong-type"),
    ],
)
def test_an_entry_without_a_right_id_makes_no_actor_unknown(wrong: str, code: str) -> None:
    right = "- id: boreland-military\n    name:"
    assert codes(ACTORS, right, wrong) == [code]


def test_without_a_registry_no_actor_is_called_unknown() -> None:
    assert codes(ACTORS, "actors:\n", "actors: [\n") == ["yaml-syntax"]


def test_two_documents_of_one_text_are_one_too_many(examples: Path) -> None:
    content = (examples / "events/d901.yaml").read_text("utf-8").replace("d901", "d902")
    (examples / "events/d902.yaml").write_text(content, "utf-8")
    [finding] = run(examples).findings
    assert (finding.code, finding.data["other"]) == ("duplicate-document", "dataset/events/d901.yaml")
    assert "901_shelling.txt" in finding.message


def test_ids_vanish_from_releases_that_were_cut_only(examples: Path) -> None:
    release = examples.parent / "releases"
    (release / "v0.1.0").rename(release / "v0.1.0.dev1")
    for version, gone in (("v0.1.9", "d990-e01"), ("v0.1.10", "d910-e01")):
        (release / version).mkdir()
        (release / version / "events.csv").write_text(f"event_id\n{gone}\nd900-e05\n")
    assert [f.id for f in run(examples).findings] == ["d910-e01"], "0.1.10 is newer than 0.1.9"


@pytest.fixture
def released(examples: Path) -> Path:
    """The example corpus, with a release that has records of each kind."""
    release = examples.parent / "releases" / "v0.1.0"
    for name, records in {
        "documents": ["d900", "d901"],
        "events": ["d900-e01", "d900-e02", "d900-e03", "d900-e04", "d900-e05", "d901-e01"],
        "actors": ["australis", "boreland"],
    }.items():
        (release / f"{name}.csv").write_text("\n".join([f"{name[:-1]}_id", *records, ""]))
    return examples


def test_a_file_that_is_gone_is_one_finding_about_its_ids(released: Path) -> None:
    (released / "events" / "d900.yaml").unlink()
    [finding] = [f for f in run(released).findings if f.code == "id-vanished"]
    assert finding.message.startswith("d900, d900-e01, d900-e02 and 3 more ")
    assert [name for name in ("events/d900.yaml", "retired.csv") if name not in (finding.remedy or "")] == []


def test_actors_that_are_gone_are_one_finding(released: Path) -> None:
    (released.parent / "releases" / "v0.1.0" / "actors.csv").write_text("actor_id\nx\ny\n")
    [finding] = run(released).findings
    assert finding.code == "id-vanished"
    assert finding.message.startswith("x, y ")


def test_a_file_of_the_wrong_ending_is_one_finding_whatever_it_holds(released: Path) -> None:
    (released / "events" / "d900.yaml").rename(released / "events" / "d900.yml")
    assert [f.code for f in run(released).findings if f.severity != "note"] == ["stray-file"]


def test_a_withdrawn_id_may_lead_through_another_to_a_record(examples: Path) -> None:
    rows = "d900-e07,0.2.0,One act.,d900-e05\nd900-e08,0.2.0,One act.,d900-e09\nd900-e09,0.2.0,One act.,d900-e08\n"
    with (examples / "retired.csv").open("a") as file:
        file.write(rows)
    assert [(f.code, f.id) for f in run(examples).findings] == [
        ("retired-successor-unknown", "d900-e08"),
        ("retired-successor-unknown", "d900-e09"),
    ]


@pytest.mark.parametrize("listed", ["d901", "d901-e02", "d901-n01", "ostrov-wire"])
def test_a_withdrawn_id_is_not_used_again_whatever_it_is_of(listed: str, examples: Path) -> None:
    with (examples / "retired.csv").open("a") as file:
        file.write(f"{listed},0.2.0,Gone.,\n")
    [finding] = run(examples).findings
    # A record that the newest release still has is not used again: the row is wrong.
    file = (
        "retired.csv" if listed == "d901-n01" else "actors.yaml" if listed == "ostrov-wire" else "d901.yaml"
    )
    assert (finding.code, Path(finding.path).name) == ("retired-id-reused", file)
    assert listed in finding.message


@pytest.mark.parametrize(
    "row",
    [
        "d900 e09,0.2.0,x,",
        ",0.2.0,x,",
        "d900-e05,0.2.0,x,",
        "d900-e09,soon,x,",
        "d900-e09,0.2,x,",
        "d900-e09,0.2.0, ,",
    ],
)
def test_a_row_of_retired_ids_is_complete(row: str, examples: Path) -> None:
    with (examples / "retired.csv").open("a") as file:
        file.write(row + "\n")
    [finding] = [f for f in run(examples).findings if f.path.endswith("retired.csv")]
    assert (finding.code, finding.line) == ("retired-incomplete", 3)


def test_dates_of_one_incident_may_differ_as_long_as_both_can_be_true() -> None:
    assert codes(D901, 'date: "2023-05-02"', 'date: "[2023-05-01..2023-05-03]"') == []
    wrong = 'date: "2023-05-03"\n    date_basis: relative'
    assert codes(D901, 'date: "2023-05-02"\n    date_basis: explicit', wrong) == ["incident-dates-differ"]


def test_records_of_a_pass_refer_to_records_of_the_same_pass(examples: Path) -> None:
    (examples / "dataset.toml").write_text(
        (examples / "dataset.toml").read_text()
        + '[[annotators]]\nid = "a2"\nkind = "person"\nname = "X"\ntask = "X."\n'
    )
    first = examples / "passes/a1/d901.yaml"
    (examples / "passes/a2").mkdir()
    (examples / "passes/a2/d901.yaml").write_bytes(first.read_bytes())
    assert run(examples).findings == [], "the same ids in two passes are no duplicates"
    text = first.read_text("utf-8").replace("event: d901-e01", "event: d900-e01")
    first.write_text(text, "utf-8")
    [finding] = run(examples).findings
    assert (finding.code, finding.path) == ("link-to-nowhere", "dataset/passes/a1/d901.yaml")


# ---- accepted findings ---------------------------------------------------------------------------------------

HEADER = "code,id,path,since,reason\n"
UNORDERED = pages.examples()["ids-out-of-order"]


@pytest.fixture
def unordered(tmp_path: Path) -> Path:
    return UNORDERED.write(tmp_path / "corpus")


@pytest.mark.parametrize(
    "row",
    [
        "ids-out-of-order,d901-n01,,0.1.0,As received.",
        "ids-out-of-order,,events/d901.yaml,0.1.0,As received.",
        "ids-out-of-order,d901-n01,events/d901.yaml,0.1.0,As received.",
    ],
)
def test_a_warning_is_accepted_by_record_or_file(row: str, unordered: Path) -> None:
    with (unordered / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    report = run(unordered)
    assert report.findings == []
    assert report.exit_code == 0
    assert [f.code for f in report.accepted] == ["unused-actor", "ids-out-of-order"]
    assert "2 findings accepted in accepted.csv" in text.render(report)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ids-out-of-order,,,0.1.0,All of them.", "acceptance-incomplete"),
        ("ids-out-of-order,,/etc/passwd,0.1.0,Far away.", "acceptance-incomplete"),
        ("quote-not-found,d901-n01,,0.1.0,An error.", "acceptance-incomplete"),
        ("no-such-rule,d901-n01,,0.1.0,No rule.", "acceptance-incomplete"),
    ],
)
def test_what_accepts_nothing_or_too_much_is_an_error(row: str, code: str, unordered: Path) -> None:
    with (unordered / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    assert [f.code for f in run(unordered).findings] == [code, "ids-out-of-order"]


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ("ids-out-of-order,d901-n02,,0.1.0,Another record.", "d901-n01"),
        ("ids-out-of-order,d901-n01,events/d900.yaml,0.1.0,Another file.", "events/d901.yaml"),
    ],
)
def test_a_row_with_one_wrong_cell_names_the_finding_that_it_misses(
    row: str, meant: str, unordered: Path
) -> None:
    with (unordered / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    assert [(f.code, f.closest) for f in run(unordered).findings] == [("acceptance-unused", meant)]


@pytest.mark.parametrize("row", ["ids-out-of-order,d901-n01,,,Why.", "ids-out-of-order,d901-n01,,0.1.0,"])
def test_an_acceptance_says_since_when_and_why(row: str, unordered: Path) -> None:
    with (unordered / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    assert [f.code for f in run(unordered).findings] == ["acceptance-incomplete"]


def test_an_error_is_not_accepted(examples: Path) -> None:
    (examples / "accepted.csv").write_text(HEADER + "quote-not-found,d900-e04,,0.1.0,Not so bad.\n")
    path = examples / "events/d900.yaml"
    path.write_text(path.read_text("utf-8").replace('"denied"', '"denies"'), "utf-8")
    assert {f.code for f in run(examples).findings} >= {"quote-not-found", "acceptance-incomplete"}
