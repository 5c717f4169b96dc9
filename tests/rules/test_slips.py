"""Slips that once gave no finding, several findings, or a finding in another place: each is one finding where it is."""

from __future__ import annotations

import pytest

from breaking import ACTORS, D900, D901, found
from standoff import testing

DATASET = "dataset/dataset.toml"
ACTOR = 'actor: [{id: zoe-anstrom, quote: "She"}]'
CLEAN = 'note: "The denial addresses nobody."'


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        # one fault, one finding
        (D900, 'trigger: "denied"', "trigger: ~", "wrong-type"),
        (D900, "where: [{place: ostrov,", "where: [{id: ostrov,", "unknown-key"),
        (D900, "where: [{place: ostrov, quote: \"Ostrov\", relation: at}]", 'where: [place: ostrov, quote: "Ostrov", relation: at]', "forbidden-yaml"),
        (D900, "  - id: d900-e02", "  - - id: d900-e02", "yaml-syntax"),
        (D900, "negatives:\n", "", "missing-key"),
        (D900, CLEAN, 'note: "-"', "text-blank"),
        # texts
        (D900, CLEAN, 'note: "FIXME: why?"', "text-blank"),
        (D900, CLEAN, 'note: "tbd."', "text-blank"),
        (D900, CLEAN, 'note: "The\u200b denial"', "unprintable-text"),
        (D900, CLEAN, "note: As resolution #12 says", "yaml-syntax"),
        # what records say
        (D900, 'basis: header}', 'basis: header}\n  url: "https://a.example/b"\n  copies: [{url: "https://a.example/b", found: "By a search."}]', "copy-repeated"),
        (D901, 'would_be: {action: "194", target: boreland}', 'would_be: {action: "194", actor: boreland, target: boreland}', "would-be-itself"),
        (D900, CLEAN, 'note: "As in d900-e44."', "note-names-no-record"),
        (D900, 'action: "016"', 'action: "01"', "action-is-heading"),
        (D900, "target: [{id: australis, implicit: true}]", "target: []\n    reciprocal: true", "one-way-reciprocal"),
        (D900, 'place: cafe-est, quote: "Cafe\u0301 Est"', 'place: cafe-est, quote: "the army of Boreland"', "words-of-other-place"),
        (D901, '    mark: "If"\n', "", "mark-missing"),
        (D900, '    mark: "could"\n', "", "mark-missing"),
        (D900, "reason: hypothetical", "reason: future", "reason-contradicted"),
        (D901, "count_min: 4", "count_min: 1", "count-contradicts-shape"),
        (D900, 'action: "016"', "action: “016”", "curly-quotes"),
        (D900, 'publisher: "Ostrov Wire"', 'publisher: "https://wire.example/"', "text-blank"),
        (D900, "  - id: d900-e01\n", "    id: d900-e01\n", "yaml-syntax"),
        (D900, "language: en", "language: en-UK", "unknown-language"),
        (D900, "900_talks.txt", "901_shelling.txt", "document-changed"),
        (DATASET, "[contents]\n", "[content]\n", "unknown-key"),
        (DATASET, 'task = "First pass."', 'task = "First pass."\ncompleted = "2024-02-03"', "release-date-too-early"),
        (DATASET, 'id = "a1"', 'id = "a2"', "unknown-annotator"),
        (ACTORS, 'code: "NFKMIL"', 'code: "NFKPCNMIL"', "code-of-other-country"),
        (ACTORS, 'name: "Ostrov Wire"', 'name: "Вoreland"', "alias-collision"),  # a Cyrillic capital
    ],
)  # fmt: skip
def test_a_slip_is_one_finding(file: str, right: str, wrong: str, code: str) -> None:
    assert [
        (finding.code, finding.path) for finding in found(file, right, wrong) if finding.severity != "note"
    ] == [(code, file)]


@pytest.mark.parametrize(
    "text",
    [
        "As resolution 12 says  # see the guide",
        '"With a hash (#3)."',
        '"می\u200cخواهم"',
        '"👨\u200d👩\u200d👧"',
        '"The list of things to do: later."',
    ],
)
def test_what_only_looks_like_a_slip_is_none(text: str) -> None:
    assert found(D900, CLEAN, f"note: {text}") == []


def test_evidence_that_is_cut_is_reported_once_and_not_the_words_that_it_lacks() -> None:
    right = (
        'evidence: "The foreign minister of Boreland met her counterpart from Australis in Ostrov on Monday"'
    )
    [finding] = found(D900, right, right.replace(" in Ostrov on Monday", " in Ostro"))
    assert (finding.code, finding.data["field"]) == ("quote-not-found", "events[1].evidence")
    assert (finding.closest or "").endswith("in Ostrov")


def test_a_relay_that_is_given_twice_is_reported() -> None:
    source = '{id: unnamed, quote: "officials"'
    codes = [
        finding.code
        for finding in found(
            D900,
            source,
            source + ', via: [{id: ostrov-wire, quote: "officials"}, {id: ostrov-wire, quote: "officials"}]',
        )
    ]
    assert "actor-twice" in codes


def test_an_entry_that_takes_a_released_id_away_is_reported_there() -> None:
    findings = found(ACTORS, "  - id: ostrov-wire\n", "  - id: ostrov-wires\n")
    assert {finding.path for finding in findings if finding.code == "id-vanished"} <= {ACTORS}


def line_of(file: str, words: str) -> int:
    """The line of the example corpus that has these words."""
    text = (testing.EXAMPLES / file).read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def test_a_record_that_lost_its_dash_is_named_where_it_begins() -> None:
    [finding] = found(D901, "  - id: d901-n01\n", "    id: d901-n01\n")
    assert (finding.code, finding.line, finding.column) == ("yaml-syntax", line_of(D901, "- id: d901-n01"), 5)


def test_a_text_that_another_file_is_about_is_named_by_its_hash() -> None:
    text = (testing.EXAMPLES / "seeds/901_shelling.txt").read_bytes()
    files = {
        "seeds/903_shelling.txt": text,
        "seeds/901_shelling.txt": b"Other.",
    }
    [finding] = testing.findings_with(files)
    assert (finding.code, finding.line, finding.closest) == ("document-changed", 5, "903_shelling.txt")


def test_a_carriage_return_alone_is_no_end_of_a_line() -> None:
    [finding] = found(D900, CLEAN + "\n", CLEAN + "\r")
    assert (finding.code, finding.line) == ("control-character", line_of(D900, CLEAN))


def test_a_wrong_id_in_two_events_is_one_finding() -> None:
    right, wrong = "id: boreland-foreign-minister,", "id: boreland-foreign-ministr,"
    findings = testing.findings_with(
        {D900: (testing.EXAMPLES / D900).read_text("utf-8").replace(right, wrong)}
    )
    assert [each.code for each in findings if each.severity != "note"] == ["unknown-actor"]


def test_a_key_that_another_key_asks_for_is_missed_there() -> None:
    right = 'code: "NFKOPP"\n        basis: composed'
    [finding] = found(ACTORS, right, right.replace("composed", "assigned"))
    assert (finding.code, finding.line) == ("missing-key", line_of(ACTORS, right) + 1)


def test_a_parent_that_belongs_to_the_actor_is_a_cycle_only() -> None:
    right = 'name: "Boreland"\n    kind: state\n    country: "NFK"\n    affiliations:\n      - code: "NFK"\n        basis: composed'
    findings = found(ACTORS, right, f"{right}\n        parent: boreland-foreign-minister")
    assert [each.code for each in findings] == ["parent-cycle"]


def test_a_part_of_an_event_that_is_misdated_is_not_reported_with_it() -> None:
    link = '    links: [{relation: part_of, event: d900-e01, quote: "on Monday", outside: true}]\n'
    text = (testing.EXAMPLES / D900).read_text("utf-8")
    warned = text.replace(
        "    status: asserted\n  - id: d900-e03", f"    status: asserted\n{link}  - id: d900-e03"
    )
    whole = warned.replace(
        'date: "[..2023-05-02]"\n    date_basis: document', 'date: "2023-04-02"\n    date_basis: relative', 1
    )
    part = link.replace("d900-e01", "d900-e02")
    both = whole.replace('    links: [{relation: speaks_of, event: d900-e03, quote: "the attack"}]\n', part)
    both = both.replace(
        'action: "016"\n    date: "[..2023-05-02]"\n    date_basis: document',
        'action: "016"\n    date: "2023-05-01"\n    date_basis: relative',
    )
    findings = testing.findings_with({D900: both})
    assert [(each.code, each.id) for each in findings] == [("part-outside-whole", "d900-e02")]


def test_a_rule_is_cited_by_the_name_that_the_codebook_has() -> None:
    page = (testing.EXAMPLES / "CODEBOOK.md").read_text(
        "utf-8"
    ) + "\n**9.1** `war-in-a-place`: the side is the target.\n"
    text = (testing.EXAMPLES / D900).read_text("utf-8")
    for name, codes in (
        ("war-in-a-place", []),
        ("war-in-a-palce", ["note-names-no-rule"]),
        ("of-thumb-rules", []),
    ):
        files = {D900: text.replace(CLEAN, f'note: "Rule {name}: the denial."'), "CODEBOOK.md": page}
        assert [each.code for each in testing.findings_with(files)] == codes


def test_a_version_below_the_newest_is_reported_if_the_sources_are_later() -> None:
    released = (testing.EXAMPLES / "releases/v0.1.0/negatives.csv").read_bytes()
    text = (testing.EXAMPLES / DATASET).read_text("utf-8")
    files = {
        "releases/v0.2.0/negatives.csv": released,
        DATASET: text.replace('version = "0.2.0"', 'version = "0.1.0"'),
    }
    assert "version-below-release" in [each.code for each in testing.findings_with(files)]


def test_an_element_that_no_list_has_is_one_finding_for_all_codes_with_it() -> None:
    text = (testing.EXAMPLES / ACTORS).read_text("utf-8").replace("NFK", "NKF")
    findings = testing.findings_with({ACTORS: text.replace('country: "NKF"', 'country: "NFK"')})
    assert [(each.code, each.path) for each in findings] == [("unknown-code-element", ACTORS)]
