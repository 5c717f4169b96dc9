"""Labels of other tools: codes, kinds, roles, and what is said about unknown ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.codes import shipped
from standoff.exchange.labels import Labels, UnmappedLabels, action_of, decoded, encoded, read_labels
from standoff.findings import UsageError


@given(st.text(max_size=8))
def test_codes_come_back_from_names_that_tools_take(code):
    assert decoded(encoded(code)) == code
    assert all(letter.isalnum() or letter in "_-" for letter in encoded(code))
    assert code == "" or action_of(f"Act-{encoded(code)}") == code


@pytest.mark.parametrize(
    ("label", "near"),
    [("1901", "190"), ("Act-19O", "19"), ("Fight", "19"), ("Unconventional_violence", "20")],
)
def test_an_unknown_label_is_refused_with_the_nearest_code(label, near):
    labels = Labels(shipped.scheme())
    labels.action(label, "a.ann:3")
    with pytest.raises(UnmappedLabels) as error:
        labels.require()
    assert f'a.ann:3: "{label}"' in str(error.value)
    assert f"nearest: {near}" in str(error.value)


@pytest.mark.parametrize(("label", "hint"), [("ORG", '"party"'), ("Location", '"place"'), ("DATE", '""')])
def test_an_unknown_label_of_named_entities_is_refused_with_what_it_usually_is(label, hint):
    labels = Labels(shipped.scheme())
    labels.action(label, "a.ann:3")
    with pytest.raises(UnmappedLabels) as error:
        labels.require()
    [line] = [line for line in str(error.value).splitlines() if "a.ann:3" in line]
    assert line.endswith(hint)


def test_a_mapping_may_say_what_all_other_labels_are():
    labels = Labels(shipped.scheme(), {"Attack": "190", "*": ""})
    assert [labels.action(each) for each in ("Attack", "Act-040", "040", "Mood")] == [
        "190",
        "040",
        "040",
        None,
    ]
    assert [labels.kind(each) for each in ("Attack", "Act-040", "Mood")] == ["event", None, ""]
    labels.require()


def test_a_mapping_translates(tmp_path):
    file = tmp_path / "map.toml"
    file.write_text(
        '[labels]\nAttack = "190"\nPERSON = "party"\nMood = ""\n[roles]\nBy = "actor"\nX = ""\n[actors]\n"Hamas men" = "hamas"\n'
    )
    labels = read_labels(file, shipped.scheme())
    assert (labels.action("Attack"), labels.action("Act-190")) == ("190", "190")
    assert (labels.kind("PERSON"), labels.kind("Mood"), labels.kind("Attack"), labels.kind("y")) == (
        "party",
        "",
        "event",
        None,
    )
    assert [labels.role(name) for name in ("By", "By2", "X", "Attacker", "Victim2", "ARG0", "Place", "InResponseTo")] == [
        "actor", "actor", "", "actor", "target", "actor", "at", "in_response_to"
    ]  # fmt: skip
    assert labels.actor("Hamas men") == "hamas"
    labels.require()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[labels]\nAttack = 190\n", "in quotes"),
        ('[labels]\nAttack = "1901"\n', "nearest: 190"),
        ('[labels]\nAttack = "parti"\n', "nearest: party"),
        ('[roles]\nBy = "acter"\n', "nearest: actor"),
        ('[label]\nAttack = "190"\n', "[label] is unknown"),
        ("[labels", "not TOML"),
    ],
)
def test_a_wrong_mapping_is_refused(text, part, tmp_path):
    file = tmp_path / "map.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as error:
        read_labels(file, shipped.scheme())
    assert part in str(error.value)
    assert str(file) in str(error.value)
