"""The edges of the rules: where one more, one less or one condition fewer would be another verdict or another message."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from breaking import ACTORS, D900, D901, codes, found, only, run
from standoff.model.places import NOWHERE
from standoff.rules import catalogue, context, pages, runner
from standoff.rules.catalogue import all_rules, in_order
from standoff.rules.rule import CORPUS_SCOPES, EVENT, SCOPES, Rule, rule, rules_in
from standoff.source.corpus import AnnotationFile, read_corpus
from standoff.source.form import MORE, Violation
from standoff.source.strict_yaml import MAX_FAULTS, ReadFault

COUNTERPART = 'quote: "her counterpart from Australis"'
STRAIT = 'evidence: "Australis could close the strait"'
NOTE = '    note: "The denial addresses nobody."\n'


def test_a_document_of_the_wrong_form_is_one_finding_and_its_events_are_left_alone(examples: Path) -> None:
    file = examples / "events/d900.yaml"
    text = file.read_text("utf-8").replace("language: en", "language: 5")
    source = '\n    attribution: [{id: australis, quote: "the attack"}]\n    action: "016"'
    file.write_text(text.replace('\n    action: "016"', source), "utf-8")
    assert [finding.code for finding in run(examples).findings] == ["wrong-type"]


# ---- files ---------------------------------------------------------------------------------------------------

COLOUR = '    trigger: "denied"\n    colour: red\n'


@pytest.mark.parametrize(
    ("right", "wrong", "message", "remedy", "columns"),
    [
        ("    status: contested\n", "", 'the key "status" is missing in events[3]', "add status:", (5, 3)),
        ("negatives:", "  - 1\nnegatives:", "events[5] is 1; expected a record (keys with values)", "write a record (keys with values)", (5, 6)),
        ("negatives:", "negative:", 'the key "negative" is not known here', "write negatives: or delete it", (1, 9)),
        ("negatives:", "extra: 1\nnegatives:", 'the key "extra" is not known here', "delete it", (1, 6)),
        ('    trigger: "denied"\n', COLOUR, 'the key "colour" is not known here', "delete it; free keys are reciprocal, count_min, shape, attribution, where, mentions, incident, source_error", (5, 11)),
        ('trigger: "denied"', "trigger: true", "events[4].trigger is true; expected text or a record (keys with values)", 'write it in quotes: "true"', (14, 18)),
        ("status: contested", "status: contested\n    count_min: false", "events[3].count_min is false; expected a whole number", "write a whole number", (16, 21)),
        ("status: contested", "status: contested\n    count_min: 0", "events[3].count_min is 0; expected at least 1", "write 1 or more", (16, 17)),
        ("target: []", "target: {id: x}", "events[4].target is a record; expected a list", "put the entry into square brackets, or below the key with a dash before it", (13, 20)),
        ("language: en", "language: [en]", "document.language is a list; expected text", "write text", (13, 17)),
    ],
)  # fmt: skip
def test_a_fault_of_form_says_where_what_and_how_to_mend_it(
    right: str, wrong: str, message: str, remedy: str, columns: tuple[int, int]
) -> None:
    [finding] = found(D900, right, wrong)
    assert (finding.message, finding.remedy) == (message, remedy)
    assert (finding.column, finding.end_column) == columns


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message", "remedy"),
    [
        (D900, NOTE, "    mentions:\n", "events[4].mentions is nothing; expected a list", "write a list, or delete the key"),
        (ACTORS, '    affiliations:\n      - code: "SPMMED"\n        basis: composed\n', "    affiliations:\n", "actors[6].affiliations is nothing; expected a list", "write a list"),
        (D900, "status: contested", "status: contested\n    count_min: 1.5", "events[3].count_min is 1.5; expected a whole number", "write a whole number"),
        (D900, "id: boreland-military, quote", "id: 190, quote", "events[3].actor[1].id is 190; expected text", 'write it in quotes: "190"'),
        (ACTORS, "id: ostrov-wire", "id: unnamed", '"unnamed" is reserved', "choose another id"),
        ("dataset/dataset.toml", 'keywords = ["example"]', 'keywords = ["example"]\ninclude = ["../b"]', 'dataset.include[1] is "../b", which is not the path of a file beside the dataset folder, such as CODEBOOK.md or docs/guide.md', "write the path of a file beside the dataset folder, such as CODEBOOK.md or docs/guide.md"),
    ],
)  # fmt: skip
def test_what_is_missing_or_of_another_kind_has_its_own_remedy(
    file: str, right: str, wrong: str, message: str, remedy: str
) -> None:
    [finding] = [finding for finding in found(file, right, wrong) if finding.severity == "error"]
    assert (finding.message, finding.remedy) == (message, remedy)


def test_a_number_in_dataset_toml_is_not_put_into_quotes_for_its_author() -> None:
    [finding] = found("dataset/dataset.toml", 'title = "A made-up corpus"', "title = 5")
    assert (finding.remedy, finding.fix) == ("write text", None)


def test_a_file_that_holds_nothing_of_what_it_should_is_named_as_a_whole(examples: Path) -> None:
    (examples / "events/d900.yaml").write_text("[1, 2]\n")
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert finding.message == "the file is a list; expected a record (keys with values)"
    (examples / "events/d900.yaml").write_text("{}\n")
    findings = [f.message for f in run(examples).findings if f.severity == "error"]
    assert 'the key "document" is missing' in findings


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, False),
        ({"faults": [ReadFault("csv-row", NOWHERE, "x")] * (MAX_FAULTS - 1)}, False),
        ({"faults": [ReadFault("csv-row", NOWHERE, "x")] * MAX_FAULTS}, True),
        ({"violations": [Violation("type", (), "text", 1)]}, False),
        ({"violations": [Violation(MORE, (), None, None)]}, True),
        ({"cut_short": True}, True),
    ],
)
def test_a_file_says_when_it_has_more_faults_than_are_listed(fields: dict[str, Any], told: bool) -> None:
    file = AnnotationFile(Path("d900.yaml"), "d900.yaml", "annotation", **fields)
    assert bool(list(all_rules()["too-many-faults"].check(file))) is told


# ---- texts of ours ----------------------------------------------------------------------------------------------


def test_the_first_sign_of_a_formula_is_shown() -> None:
    [finding] = found(D900, 'note: "The denial', 'note: "=The denial')
    assert finding.message == 'events[4].note begins with "=", as formulas do'


def test_a_text_with_several_hidden_characters_is_one_finding() -> None:
    assert codes(D900, 'note: "The denial', 'note: "The \\u200e\\u200f denial') == ["unprintable-text"]


def test_the_days_of_annotators_are_in_the_calendar_too() -> None:
    right = 'task = "First pass."'
    assert codes("dataset/dataset.toml", right, f'{right}\ncompleted = "2024-02-29"') == []
    assert codes("dataset/dataset.toml", right, f'{right}\ncompleted = "2023-02-29"') == ["day-impossible"]


# ---- words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("an answer to every raid", "an answer to every raids", 'the evidence "She warned Australis of an answer to every raids" does not occur in the document'),
        (NOTE, '    note: "N."\n    mentions: ["a lost phrase"]\n', 'the mention "a lost phrase" does not occur in the document'),
        (STRAIT, 'evidence: "Boreland could close"', 'the evidence "Boreland could close" does not occur in the document'),
        (COUNTERPART, 'quote: "a counterpart"', 'the target\'s words "a counterpart" do not occur in the evidence'),
        (COUNTERPART, 'quote: "a counterpart", outside: true', 'the target\'s words "a counterpart" do not occur in the document'),
        # words that do occur, but not there
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', 'the evidence "Australis could close the strait" does not occur in the document with the prefix that is given'),
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No", suffix: "No"}', 'the evidence "Australis could close the strait" does not occur in the document with the prefix and suffix that are given'),
        # another party's words stand outside
        (f'"The foreign minister of Boreland"}}]\n    target: [{{id: australis-government, {COUNTERPART}', '"OSTROV, May 2", outside: true}]\n    target: [{id: australis-government, quote: "a counterpart"', 'the target\'s words "a counterpart" do not occur in the evidence'),
    ],
)  # fmt: skip
def test_a_message_says_where_the_words_were_looked_for(right: str, wrong: str, message: str) -> None:
    assert only(found(D900, right, wrong), "quote-not-found").message == message


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        # what stands beside the words is wrong; that they stand elsewhere is no remedy
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', 'copy the words from the document: "k." before it in the text, prefix "No"'),
        (STRAIT, 'evidence: {quote: "OSTROV", prefix: " "}', "quote the words exactly as they are in the document"),
        # of many differences the first three
        ("She warned Australis of an answer to every raid", "He warned Austria of a answer to any raids", 'copy the words from the document: "She" in the text, "He" in the quote; "Australis" in the text, "Austria" in the quote; "an" in the text, "a" in the quote'),
    ],
)  # fmt: skip
def test_the_remedy_for_words_tells_how_the_document_has_them(right: str, wrong: str, remedy: str) -> None:
    finding = only(found(D900, right, wrong), "quote-not-found")
    assert finding.remedy == remedy
    assert finding.fix is None, "nothing is changed into itself"


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ('"her counterpart from Australia"', (78, 79)),
        ('"her counterpat from Australis"', (62, 63)),
        ('"her counterppart from Australis"', (61, 62)),
        ("'her counterpart from Australia'", (78, 79)),
        ("her counterpart from Australia", (77, 78)),
        # two characters; an escape; the same wrong words twice: all of it
        ('"her counterpsst from Australis"', (48, 80)),
        ('"her counterpart from Austral\\u0069a"', (48, 85)),
        ('"hor … hor"', (48, 59)),
    ],
)
def test_the_marker_points_at_the_one_character_that_is_wrong(written: str, columns: tuple[int, int]) -> None:
    finding = only(found(D900, COUNTERPART, f"quote: {written}"), "quote-not-found")
    assert (finding.line, finding.column, finding.end_column) == (17, *columns)


@pytest.mark.parametrize(
    ("words", "said"), [("i", "fits 10 places of the document (lines 1, 3)"), ("t", " …)")]
)
def test_ten_places_of_an_ambiguous_quote_are_listed(words: str, said: str) -> None:
    message = only(
        found(D901, 'evidence: "Nobody knows who fired back"', f'evidence: "{words}"'), "quote-ambiguous"
    ).message
    assert said in message


@pytest.mark.parametrize("written", ["|-\n      met\u00a0", "|\n      met", ">-\n      met\u00a0"])
def test_words_below_a_bar_are_not_mended_by_a_machine(written: str) -> None:
    [finding] = found(D900, 'trigger: "met"', f"trigger: {written}")
    assert finding.code in ("quote-not-found", "quote-padded")
    assert finding.fix is None


# ---- events --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "remedy"),
    [("44", '"044" is Meet'), ("9999", "see the list of CAMEO 1.1b3 extended, actions.csv")],
)
def test_an_unknown_action_comes_with_the_labels_that_are_near(written: str, remedy: str) -> None:
    finding = only(found(D900, 'action: "044"', f'action: "{written}"'), "unknown-action")
    assert (finding.remedy or "").startswith(remedy)


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("australs", ""),
        ("boreland-mil", "; also alike: boreland, boreland-foreign-minister"),
        ("boreland-militia", "; also alike: boreland, boreland-foreign-minister"),
    ],
)
def test_an_unknown_actor_comes_with_the_others_that_are_alike(written: str, others: str) -> None:
    right = "id: boreland-military, quote:"
    finding = only(found(D900, right, f"id: {written}, quote:"), "unknown-actor")
    assert finding.remedy == f"correct the id, or add an entry to dataset/actors.yaml{others}"


E01 = """    actor: [{id: boreland-foreign-minister, quote: "The foreign minister of Boreland"}]
    target: [{id: australis-government, quote: "her counterpart from Australis"}]
    action: "044"
"""
BOTH = """{id: boreland-foreign-minister, quote: "The foreign minister of Boreland"}, {id: australis-government, quote: "her counterpart from Australis"}"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        # roots 18 to 20 may lack an actor
        ('actor: [{id: boreland-military, quote: "the army of Boreland"}]', "actor: []", []),
        ('actor: [{id: boreland-foreign-minister, quote: "She"}]', "actor: []", ["missing-actor"]),
        # both parties on both sides: of a reciprocal act only
        (E01, f'    actor: [{BOTH}]\n    target: [{BOTH}]\n    action: "040"\n    reciprocal: true\n', []),
        (E01, f'    actor: [{BOTH}]\n    target: [{BOTH}]\n    action: "044"\n', ["actor-is-target", "actor-is-target"]),
        # several sources may be unnamed, no other party may stand twice
        ('attribution: [{id: unnamed, quote: "officials"}]', 'attribution: [{id: unnamed, quote: "officials"}, {id: unnamed, quote: "Hours later", outside: true}]', []),
        ('attribution: [{id: unnamed, quote: "officials"}]', 'attribution: [{id: boreland, quote: "officials"}, {id: boreland, quote: "Hours later", outside: true}]', ["actor-twice"]),
        # words outside the evidence
        (COUNTERPART, 'quote: "OSTROV, May 2", outside: true', []),
        # dates whose ends are open
        ('date: "2023-05-01"', 'date: "2023-04-30/.."', []),
        ('date: "2023-05-01"', 'date: "../2023-05-01"', []),
        ('date: "2023-05-01"', 'date: "2023-05-04/.."', ["date-after-publication"]),
        ('date: "2023-05-01"', 'date: "../2023-05-03"', ["date-after-publication"]),
        # a date that is inferred says how
        ('"016"\n    date: "[..2023-05-02]"\n    date_basis: document', '"016"\n    date: "2023-05-01"\n    date_basis: inferred', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-05-01"\n    date_basis: inferred', ["date-basis-contradicted"]),
        # to vouch for one's own words is needless in a plain speech act only
        ('    target: []\n    action: "016"', '    target: []\n    attribution: [{id: australis, quote: "Australis"}]\n    action: "016"', ["self-attribution"]),
        ('target: []\n    action: "016"\n    date: "[..2023-05-02]"\n    date_basis: document\n    status: asserted', 'target: []\n    attribution: [{id: australis, quote: "Australis"}]\n    action: "016"\n    date: "[..2023-05-02]"\n    date_basis: document\n    status: hedged', []),
        ('status: contested\n    attribution: [{id: unnamed, quote: "officials"}]', 'status: asserted\n    attribution: [{id: boreland-military, quote: "the army of Boreland"}]', []),
        # one day is not vague, whatever its form
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-04"\n    date_basis: vague', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-04-30"\n    date_basis: vague', ["date-basis-contradicted"]),
        # weekdays are of no matter to dates that are given, nor where none is named
        ('date: "2023-05-01"\n    date_basis: relative', 'date: "2023-05-02"\n    date_basis: explicit', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-05-02"\n    date_basis: relative', []),
        ('published: {date: "2023-05-02"', 'published: {date: "[..2023-05-02]"', ["publication-date-malformed"]),
        # publication within a range: an event may be as late as its end
        ('published: {date: "2023-05-02"', 'published: {date: "[2023-04-30..2023-05-02]"', []),
    ],
)  # fmt: skip
def test_what_an_event_may_say(right: str, wrong: str, expected: list[str]) -> None:
    assert codes(D900, right, wrong) == expected


@pytest.mark.parametrize(
    ("date", "is_"),
    [("2023-05-02", "is Tuesday"), ("[2023-04-25..2023-04-30]", "is Tuesday to Sunday")],
)
def test_the_weekday_of_a_date_is_told(date: str, is_: str) -> None:
    finding = only(found(D900, 'date: "2023-05-01"', f'date: "{date}"'), "weekday-contradicted")
    assert finding.message == f"the evidence says Monday, but {date} {is_}"


@pytest.mark.parametrize(("before", "expected"), [("on", ["weekday-contradicted"]), ("by", [])])
def test_a_weekday_to_come_does_not_contradict(before: str, expected: list[str], examples: Path) -> None:
    text = (examples.parent / "seeds/900_talks.txt").read_bytes()
    changed = text.replace(b"on Monday", f"{before} Monday".encode())
    (examples.parent / "seeds/900_talks.txt").write_bytes(changed)
    file = examples / "events/d900.yaml"
    yaml = file.read_text("utf-8").replace(sha256(text).hexdigest(), sha256(changed).hexdigest())
    yaml = yaml.replace("on Monday", f"{before} Monday").replace('date: "2023-05-01"', 'date: "2023-05-02"')
    file.write_text(yaml, "utf-8")
    assert [finding.code for finding in run(examples).findings] == expected


def test_contested_without_attribution_points_at_the_key() -> None:
    right = '    attribution: [{id: unnamed, quote: "officials"}]\n'
    finding = only(found(D900, right, ""), "contested-without-attribution")
    assert (finding.line, finding.column, finding.end_column) == (40, 5, 11)


# ---- actors --------------------------------------------------------------------------------------------------

MILITARY = 'code: "NFKMIL"'


@pytest.mark.parametrize(
    ("written", "meant"),
    [("NFKIML", "NFKMIL"), ("IMLMIL", "MLIMIL"), ("NFKMXL", "NFKMLT"), ("NFQMIL", "NFKMIL")],
)
def test_in_an_unknown_code_countries_are_meant_first_and_then_roles(written: str, meant: str) -> None:
    finding = only(found(ACTORS, MILITARY, f'code: "{written}"'), "unknown-code-element")
    assert finding.closest == meant


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('    country: "SPM"\n', ""),
        ('until: "2020-05-31"', 'from: "2019-01-01"\n        until: "2020-05-31"'),
        ('until: "2020-05-31"', 'from: "2020-05-31"\n        until: "2020-05-31"'),
    ],
)
def test_what_an_actor_may_be(right: str, wrong: str) -> None:
    assert [code for code in codes(ACTORS, right, wrong) if code != "unused-actor"] == []


@pytest.mark.parametrize(("written", "meant"), [("borelend", "boreland"), ("zzzzzz", None)])
def test_an_unknown_parent_comes_with_the_nearest_id(written: str, meant: str | None) -> None:
    right = 'parent: boreland\n        role: "foreign minister"'
    assert only(found(ACTORS, right, right.replace("boreland", written)), "unknown-parent").closest == meant


def test_a_circle_of_parents_is_shown_where_it_closes() -> None:
    text = (pages.EXAMPLES / ACTORS).read_text("utf-8")
    right = text[text.index('role: "member of parliament"') : text.index('role: "foreign minister"')]
    wrong = "parent: australis\n        " + right.replace(": boreland", ": boreland-foreign-minister")
    finding = only(found(ACTORS, right, wrong), "parent-cycle")
    assert finding.excerpt == "        parent: boreland-foreign-minister"


# ---- records beside each other ----------------------------------------------------------------------------


def test_two_events_do_not_answer_each_other() -> None:
    link = '    links: [{relation: in_response_to, event: d900-e03, quote: "raid"}]\n'
    [finding] = found(D900, "  - id: d900-e03\n", f"{link}  - id: d900-e03\n")
    assert (finding.code, finding.data["other"]) == ("response-cycle", "d900-e03")


def test_a_circle_of_parts_is_shown_where_it_closes() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("event: d900-e02, ") : text.index("negatives:")]
    wrong = right.replace(
        "}]",
        '}, {relation: part_of, event: d900-e01, quote: "shelled"}, '
        '{relation: part_of, event: d900-e04, quote: "shelled"}]',
        1,
    ).replace("speaks_of", "part_of")
    finding = only(found(D900, right, wrong), "part-of-cycle")
    assert (finding.id, finding.line, finding.column) == ("d900-e03", 44, 178)


def alike(number: int, trigger: str) -> str:
    return (
        f'  - {{id: d900-e0{number}, evidence: "Australis denied the attack", trigger: "{trigger}", action: "020", '
        'actor: [{id: australis, quote: "Australis"}], target: [], date: "[..2023-05-02]", '
        'date_basis: document, status: asserted, note: "The same."}\n'
    )


@pytest.mark.parametrize(
    ("triggers", "pairs"),
    [
        (("Australis", "attack"), []),
        (("Australis", "Australis denied", "denied"), ["e07 codes the act that d900-e06", "e08 codes the act that d900-e07"]),
        # of two that end together the longer is named
        (("denied the attack", "the attack", "attack"), ["e07 codes the act that d900-e06", "e08 codes the act that d900-e06"]),
    ],
)  # fmt: skip
def test_acts_that_share_words_are_told_with_the_one_that_reaches_farthest(
    triggers: tuple[str, ...], pairs: list[str]
) -> None:
    events = "".join(alike(number, trigger) for number, trigger in enumerate(triggers, 6))
    findings = [f for f in found(D900, "negatives:", f"{events}negatives:") if f.code == "same-act-twice"]
    assert [finding.message.partition(" codes: ")[0] for finding in findings] == [
        f"d900-{pair}" for pair in pairs
    ]


def test_a_negative_on_two_triggers_is_one_finding() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("negatives:") :]
    wrong = alike(6, "attack") + right.replace(
        '"Australis could close the strait"\n    trigger: "close the strait"\n    mark: "could"',
        '"Australis denied the attack"\n    trigger: "denied the attack"',
    )
    assert codes(D900, right, wrong) == ["negative-is-event"]


def test_the_first_digits_of_both_hashes_are_told(examples: Path) -> None:
    seed = examples.parent / "seeds/900_talks.txt"
    told = sha256(seed.read_bytes()).hexdigest()[:12]
    seed.write_text("another text")
    there = sha256(b"another text").hexdigest()
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert (
        finding.message == f"seeds/900_talks.txt has the SHA-256 {there[:12]}…, the annotation says {told}…"
    )
    assert (finding.remedy or "").endswith(f": {there}")


def test_a_date_that_is_none_contradicts_none() -> None:
    assert codes(D901, 'date: "2023-05-02"', 'date: "2023-05-32"') == ["date-malformed"]


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("[2023-05-01..]", "[..2023-05-01]", "2023-05-02"),
        ("[2023-05-01..2023-05-02]", "[2023-04-28..2023-05-01]", "2023-05-02"),
    ],
)
def test_each_date_of_an_incident_is_held_against_the_narrowest_before_it(
    first: str, second: str, third: str, examples: Path
) -> None:
    file = examples / "events/d900.yaml"
    text = file.read_text("utf-8")
    at = text.index("d900-e03")
    file.write_text(text[:at] + text[at:].replace("[..2023-05-02]", first, 1), "utf-8")
    file = examples / "events/d901.yaml"
    text = file.read_text("utf-8").replace(
        "date_basis: relative", "date_basis: relative\n    incident: i-border-post"
    )
    file.write_text(text.replace("2023-04/2023-05-03", second).replace('"2023-05-02"', f'"{third}"'), "utf-8")
    finding = only(run(examples).findings, "incident-dates-differ")
    assert finding.message == f"{third} and {second} of d901-e01 cannot both be true of i-border-post"


def test_nobody_is_missed_as_annotator_where_the_list_of_annotators_is_wrong() -> None:
    assert codes("dataset/dataset.toml", 'id = "a1"', "id = 1") == ["wrong-type"]
    assert codes("dataset/dataset.toml", 'id = "a1"', "id = ") == ["toml-syntax"]


# ---- ids -----------------------------------------------------------------------------------------------------


def test_actors_twice_or_out_of_order_are_told_where_they_stand() -> None:
    finding = only(found(ACTORS, "id: boreland-military\n", "id: boreland\n"), "duplicate-id")
    assert finding.message == "the id boreland is used twice"
    assert finding.line == 40
    finding = only(found(ACTORS, "id: ostrov-wire", "id: aa-wire"), "ids-out-of-order")
    assert (finding.message, finding.line) == ("aa-wire comes after boreland-military", 48)


@pytest.mark.parametrize(
    ("gone", "message", "remedy"),
    [
        (1, "d900-e05 was released in v0.1.0", "restore it, or add a row to retired.csv: d900-e05,"),
        (3, "d900-e05, d900-e06, d900-e07 were released in", "restore them, or add a row to retired.csv for each: d900-e05,"),
        (4, "d900-e05, d900-e06, d900-e07 and 1 more were released in", "restore them, or"),
    ],
)  # fmt: skip
def test_ids_that_are_gone_are_named_up_to_three(
    gone: int, message: str, remedy: str, examples: Path
) -> None:
    (examples / "retired.csv").write_text("id,since,reason,replaced_by\n")
    ids = "".join(f"d900-e0{5 + i}\n" for i in range(gone))
    (examples.parent / "releases/v0.1.0/events.csv").write_text(f"event_id\n{ids}")
    finding = only(run(examples).findings, "id-vanished")
    assert finding.message.startswith(message)
    assert (finding.remedy or "").startswith(remedy)


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
    ("row", "says"),
    [
        ("ids-out-of-order,d901-n01,,,Why.", "since is empty"),
        ("ids-out-of-order,d901-n01,,0.1.0,", "reason is empty"),
    ],
)
def test_an_accepted_finding_lacks_what_the_message_says(row: str, says: str, examples: Path) -> None:
    with (examples / "accepted.csv").open("a") as file:
        file.write(row + "\n")
    assert run(examples).findings[0].message == says


# ---- the run -------------------------------------------------------------------------------------------------


def test_what_ran_and_on_how_much_is_told(examples: Path) -> None:
    began = time.perf_counter()
    report = run(examples)
    assert 0 < report.seconds < time.perf_counter() - began
    assert report.ran == {code for code, each in all_rules().items() if each.scope in CORPUS_SCOPES}
    assert report.rules == len(report.ran)
    assert (report.files, report.records) == (11, 25), (
        "three annotation files with 16 records, six actors and three places"
    )
    alone = runner.run(read_corpus(examples, only=[examples / "events/d900.yaml"]))
    left_out = {code for code, rule in all_rules().items() if rule.scope in ("corpus", "acceptance")}
    assert alone.ran == report.ran - left_out
    assert alone.rules == len(alone.ran)
    assert runner.run(read_corpus(examples), only=["quote-cut", "id-vanished"]).ran == {
        "quote-cut",
        "id-vanished",
    }


def test_a_record_whose_document_has_the_wrong_form_counts_and_the_document_does_not(examples: Path) -> None:
    records = run(examples).records
    file = examples / "events/d900.yaml"
    file.write_text(file.read_text("utf-8").replace("language: en", "language: 5"), "utf-8")
    assert run(examples).records == records - 1


def test_the_last_line_is_shown_and_of_an_empty_file_none(examples: Path) -> None:
    file = examples / "retired.csv"
    file.write_text(file.read_text("utf-8") + "d900 e09,0.2.0,Gone.,")
    assert only(run(examples).findings, "retired-incomplete").excerpt == "d900 e09,0.2.0,Gone.,"
    file.write_text("")
    assert only(run(examples).findings, "csv-columns").excerpt is None


def test_what_stands_in_a_record_without_an_id_has_none() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("  - id: d900-e04\n") : text.index("    target: []")]
    wrong = right.replace("id: d900-e04\n    ", "").replace("[{", "{").replace("}]", "}")
    assert [(f.code, f.id) for f in found(D900, right, wrong)] == [
        ("missing-key", None),
        ("wrong-type", None),
    ]


def test_a_rule_that_breaks_down_on_a_file_says_so() -> None:
    broken = Rule("broken", "file", "error", (), "Breaks.", "Fix it.", lambda _: 1 / 0)
    report = runner.run(read_corpus(pages.EXAMPLES / "dataset"), rules={"broken": broken})
    assert report.rules == 1
    assert report.exit_code == 3
    assert all(f.message.startswith("the rule broken broke down on the file: ") for f in report.findings)


def test_the_search_for_what_was_meant_ends_for_each_file_and_comparing_for_all() -> None:
    budget = context.Budget()
    assert budget.search("a", context.SEARCH_LIMIT - 1)
    assert budget.search("a", 1)
    assert not budget.search("a", 1)
    assert budget.search("b", 1)
    assert budget.compare(context.COMPARISON_LIMIT)
    assert not budget.compare(1)


def test_the_page_of_a_rule_quotes_its_own_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    basis = '"138"\n    date: "[..2023-05-02]"\n    date_basis: document'
    example = pages.Example(
        D900, basis, basis.replace("document", "vague").replace("[..", "").replace("]", "")
    )
    assert [f.code for f in example.findings()] == ["date-basis-contradicted"]
    monkeypatch.setattr(pages, "examples", lambda: {"date-basis-contradicted": example})
    page = pages.page(all_rules()["date-basis-contradicted"])
    assert "- 2023-05-02 is one day, but its basis is vague" in page


def test_the_page_of_a_rule_says_how_often_the_wrong_words_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    example = pages.Example(D900, "language: en", "language: en\n  ", times=2)
    monkeypatch.setattr(pages, "examples", lambda: {"duplicate-key": example})
    page = pages.page(all_rules()["duplicate-key"])
    assert f"Wrong, in `{D900}`, 2 times:" in page
    assert f"Right, in `{D900}`:" in page


# ---- what a rule must have -----------------------------------------------------------------------------------

PAGE = "What it looks for.\n\nHow to fix it."


@pytest.mark.parametrize("page", ["What it looks for.", "\n\nHow to fix it.", None])
def test_a_rule_needs_a_page(page: str | None) -> None:
    def quote_new(event: object, context: object) -> list[Any]:
        return []

    quote_new.__doc__ = page
    with pytest.raises(ValueError, match="rule quote-new: needs a docstring"):
        rule(EVENT)(quote_new)


def test_a_rule_says_what_it_is_and_stays_a_function() -> None:
    module = ModuleType("example")

    def a_new_rule(event: object, context: object) -> list[Any]:
        return []

    a_new_rule.__doc__, a_new_rule.__module__ = PAGE, "example"
    module.a_new_rule = rule(EVENT, severity="note", requires=["unknown-actor"])(a_new_rule)  # type: ignore[attr-defined]
    module.borrowed = all_rules()["unknown-actor"].check  # type: ignore[attr-defined]
    assert module.a_new_rule is a_new_rule
    assert [*rules_in(module)] == [
        Rule(
            "a-new-rule",
            "event",
            "note",
            ("unknown-actor",),
            "What it looks for.",
            "How to fix it.",
            a_new_rule,
        )
    ]


def a_rule(code: str, *requires: str) -> Rule:
    return Rule(code, "event", "error", requires, "Looks.", "Fix it.", lambda *_: ())


def test_rules_run_after_their_prerequisites_and_otherwise_by_name() -> None:
    assert [*in_order([a_rule("c"), a_rule("a", "b"), a_rule("b")])] == ["b", "c", "a"]
    order = [*all_rules()]
    for code, each in all_rules().items():
        assert all(order.index(required) < order.index(code) for required in each.requires)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([a_rule("a"), a_rule("a")], "two rules have the code a"),
        ([a_rule("a", "b")], "rule a requires b: there is no such rule"),
        ([a_rule("a", "b"), a_rule("b", "a")], "rules require each other: [ab] → [ab] → [ab]"),
    ],
)
def test_rules_that_cannot_be_put_in_order_are_refused(rules: list[Rule], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        in_order(rules)


def test_the_list_of_rules_is_one_and_cannot_be_changed() -> None:
    rules = all_rules()
    assert rules is all_rules()
    with pytest.raises(TypeError):
        rules["new"] = a_rule("new")  # type: ignore[index]
    assert [*dict.fromkeys(each.scope for each in rules.values())] == [*SCOPES], "in this order"


def test_every_module_that_holds_rules_is_listed() -> None:
    folder = Path(catalogue.__file__).parent
    holding = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@rule\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert holding == {module.__name__.rpartition(".")[2] for module in catalogue.modules()}


def test_the_list_of_rules_needs_no_polars() -> None:
    code = "import sys; from standoff.rules.catalogue import all_rules; all_rules(); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
