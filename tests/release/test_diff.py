"""What changed between two releases, and what version that needs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.findings import UsageError
from standoff.model.versions import STEPS, Version
from standoff.release import changes
from standoff.release.diff import KINDS, Diff, Snapshot, apply, diff, read_release, snapshot

# ---- small releases ----------------------------------------------------------------------------------------------

TEXT = st.text("ab\"',\n\r;é😀", min_size=1, max_size=4)
NAMES = ("alpha", "beta", "gamma")
RENAMED = ("start", "span_start")
"""An old and a new name of one column of `mentions`."""


def column(
    name: str, kind: str = "string", required: bool = False, enum: list[str] | None = None
) -> dict[str, Any]:
    constraints = {**({"required": True} if required else {}), **({"enum": enum} if enum else {})}
    return {"name": name, "type": kind, "description": name, "constraints": constraints}


def schema(*fields: dict[str, Any], key: str = "id", references: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "fields": [column(key, required=True), *fields],
        "primaryKey": [key],
        "foreignKeys": [
            {"fields": [r], "reference": {"resource": "other", "fields": ["id"]}} for r in references
        ],
    }


def release(
    rows: dict[str, dict[str, str | None]],
    *fields: dict[str, Any],
    table: str = "things",
    version: str = "1.0.0",
    retired: tuple[str, ...] = (),
    **options: Any,
) -> Snapshot:
    """A release with one table: `rows` by id."""
    described = schema(*fields, **options)
    names = [f["name"] for f in described["fields"]]
    tables = {(key,): {name: {names[0]: key, **row}.get(name) for name in names} for key, row in rows.items()}
    return Snapshot(version, {table: described}, {table: tables}, frozenset(retired))


@st.composite
def releases(draw: st.DrawFn) -> Snapshot:
    """Releases of up to three tables with up to four columns and a handful of rows; columns stand in any order."""
    schemas, tables = {}, {}
    for table in draw(st.lists(st.sampled_from(("things", "events", "actions", "mentions")), unique=True)):
        names = draw(st.lists(st.sampled_from(NAMES + RENAMED * (table == "mentions")), unique=True))
        key = draw(st.sampled_from(("id", "code")))
        schemas[table] = schema(
            *(
                column(name, draw(st.sampled_from(("string", "integer"))), draw(st.booleans()))
                for name in names
            ),
            key=key,
        )
        keys = draw(st.lists(TEXT, unique=True, max_size=5))
        tables[table] = {(k,): {key: k, **{n: draw(st.none() | TEXT) for n in names}} for k in keys}
    return Snapshot("1.0.0", schemas, tables)


def kinds(old: Snapshot, new: Snapshot) -> list[str]:
    return list(diff(old, new).kinds())


# ---- laws --------------------------------------------------------------------------------------------------------


@given(releases())
def test_nothing_changes_between_a_release_and_itself(one: Snapshot) -> None:
    assert diff(one, one).changes == ()
    assert diff(one, one).step == "patch"


@given(releases(), releases())
def test_applying_the_difference_gives_the_new_release(old: Snapshot, new: Snapshot) -> None:
    assert apply(diff(old, new), old, new.schemas) == new.tables


@given(releases(), releases())
def test_two_releases_without_a_difference_hold_the_same(old: Snapshot, new: Snapshot) -> None:
    if not diff(old, new).changes:
        assert old.tables == new.tables
        assert old.schemas == new.schemas


@given(releases(), releases(), st.data())
def test_more_changes_never_need_a_smaller_step(old: Snapshot, new: Snapshot, data: st.DataObject) -> None:
    every = diff(old, new)
    some = tuple(change for change in every.changes if data.draw(st.booleans()))
    assert STEPS.index(Diff("1.0.0", "2.0.0", some).step) <= STEPS.index(every.step)


@given(releases(), releases(), releases())
def test_a_step_over_two_releases_is_no_greater_than_the_greater_of_both(
    one: Snapshot, two: Snapshot, three: Snapshot
) -> None:
    """Nobody gets around a major step by way of a release in between, except by undoing what was done."""
    steps = [STEPS.index(diff(a, b).step) for a, b in ((one, two), (two, three), (one, three))]
    assert steps[2] <= max(steps[:2])


@given(releases(), releases())
def test_csv_tells_every_change_and_reads_back(old: Snapshot, new: Snapshot) -> None:
    found = diff(old, new)
    lines = list(csv.DictReader(io.StringIO(changes.as_csv(found.changes), newline="")))
    assert [{k: v or None for k, v in line.items()} for line in lines] == [
        {k: v or None for k, v in change.as_dict().items()} for change in found.changes
    ]


@given(releases(), releases())
def test_every_format_renders_every_difference(old: Snapshot, new: Snapshot) -> None:
    found = diff(old, new)
    document = json.loads(changes.as_json(found))
    assert len(document["changes"]) == sum(reason["count"] for reason in document["reasons"])
    for text in (changes.as_text(found), changes.as_markdown(found)):
        assert changes.verdict(found) in text
        assert all(kind in text for kind in found.kinds())


versions = st.builds(Version, *[st.integers(0, 12)] * 3, st.none() | st.integers(0, 3))


@given(versions, versions)
def test_versions_are_ordered_as_their_numbers_and_read_back(one: Version, other: Version) -> None:
    assert Version.parse(str(one)) == one
    if one.release != other.release:
        numbers = [(v.major, v.minor, v.patch) for v in (one, other)]
        assert (one < other) == (numbers[0] < numbers[1])
    elif one.dev is not None and other.dev is None:
        assert one < other


def test_development_builds_come_before_their_version_in_the_order_of_their_numbers() -> None:
    order = [Version.parse(text) for text in ("1.0.0.dev2", "1.0.0.dev10", "1.0.0", "1.0.1.dev0", "1.0.1")]
    assert all(one < other for one, other in pairwise(order))
    assert [version.cut for version in order] == [False, False, True, False, True]


@given(versions, st.sampled_from(STEPS[:3]))
def test_every_step_leads_up(version: Version, step: Any) -> None:
    assert version.release.after(step) > version
    assert version.release.after(step).dev is None


@pytest.mark.parametrize(
    "text", ["1.0", "01.0.0", "1.0.0-rc1", "v1.0.0", "1.0.0.dev", "1.0.0.dev01", "", "1.0.0\n"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        Version.parse(text)


def test_before_1_0_a_minor_step_may_break_what_was() -> None:
    assert str(Version.parse("0.4.2").after("major")) == "0.5.0"
    assert str(Version.parse("1.4.2").after("major")) == "2.0.0"
    assert str(Version.parse("1.4.2").after("minor")) == "1.5.0"
    assert str(Version.parse("1.4.2").after("patch")) == "1.4.3"


# ---- which change needs which step -------------------------------------------------------------------------------

ROW = {"d1": {"alpha": "x"}}
PLAIN = release(ROW, column("alpha"))

STRUCTURE = {
    "column-added": release(ROW, column("alpha"), column("beta")),
    "column-withdrawn": release({"d1": {}}),
    "column-retyped": release(ROW, column("alpha", "integer")),
    "column-required": release(ROW, column("alpha", required=True)),
    "list-closed": release(ROW, column("alpha", enum=["x"])),
    "reference-added": release(ROW, column("alpha"), references=("alpha",)),
    "row-added": release({**ROW, "d2": {}}, column("alpha")),
    "row-withdrawn": release({}, column("alpha")),
    "cell-changed": release({"d1": {"alpha": "y"}}, column("alpha")),
}


@pytest.mark.parametrize("kind", STRUCTURE)
def test_each_change_has_its_kind(kind: str) -> None:
    assert kinds(PLAIN, STRUCTURE[kind]) == [kind]


@pytest.mark.parametrize(
    ("kind", "undone"),
    [
        ("column-added", "column-withdrawn"),
        ("column-required", "column-optional"),
        ("list-closed", "list-opened"),
        ("reference-added", "reference-withdrawn"),
        ("row-added", "row-withdrawn"),
    ],
)
def test_each_change_undone_has_its_kind(kind: str, undone: str) -> None:
    assert kinds(STRUCTURE[kind], PLAIN) == [undone]


def test_tables_come_and_go() -> None:
    nothing = Snapshot("1.0.0", {}, {})
    assert kinds(PLAIN, nothing) == ["table-withdrawn", "row-withdrawn"]
    assert kinds(nothing, PLAIN) == ["row-added", "table-added"]


def test_a_renamed_column_keeps_its_values() -> None:
    """Only what changed beside the name is told of the rows."""
    old = release({"m1": {"start": "4"}, "m2": {"start": "5"}}, column("start"), table="mentions")
    new = release(
        {"m1": {"span_start": "4"}, "m2": {"span_start": "6"}}, column("span_start"), table="mentions"
    )
    found = [(c.kind, c.key, c.column, c.old, c.new) for c in diff(old, new).changes]
    assert found == [
        ("column-renamed", None, "start", "start", "span_start"),
        ("column-described", None, "span_start", "start", "span_start"),
        ("cell-changed", ("m2",), "span_start", "5", "6"),
    ]
    assert diff(old, new).step == "major"
    other = release({"d1": {"start": "4"}}, column("start"))  # another table: another column
    assert "column-renamed" not in kinds(other, release({"d1": {}}, column("span_start")))


def test_a_new_column_is_described_and_its_values_are_counted_only() -> None:
    filled = diff(PLAIN, release({"d1": {"alpha": "x", "beta": "y"}}, column("alpha"), column("beta")))
    assert list(filled.kinds()) == ["column-added", "column-filled"]
    told = changes.as_text(filled)
    assert "column-added beta: beta" in told
    assert "~ d1" not in told


def test_a_withdrawn_column_says_what_to_use_instead() -> None:
    old, new = (release({"d1": {}}, *columns, table="dyads") for columns in ((column("count_min"),), ()))
    (change,) = diff(old, new).changes
    assert (change.kind, change.column) == ("column-withdrawn", "count_min")
    assert change.new is not None
    assert change.new in changes.as_text(diff(old, new))


def test_columns_in_another_order_are_a_major_change() -> None:
    one = release(ROW, column("alpha"), column("beta"))
    other = release(ROW, column("beta"), column("alpha"))
    assert kinds(one, other) == ["column-moved"]
    assert diff(one, other).step == "major"
    assert kinds(one, release(ROW, column("alpha"), column("new"), column("beta"))) == [
        "column-moved",
        "column-added",
    ]


def test_another_key_makes_every_row_a_new_one() -> None:
    other = release(ROW, column("alpha"), key="code")
    assert set(kinds(PLAIN, other)) == {
        "key-changed",
        "column-withdrawn",
        "column-added",
        "column-moved",
        "row-withdrawn",
        "row-added",
    }


def test_a_closed_list_that_loses_a_value_is_a_major_change() -> None:
    old, new = (release(ROW, column("alpha", enum=list(words))) for words in ("xy", "xz"))
    assert kinds(old, new) == ["value-withdrawn", "value-added"]
    assert diff(old, new).step == "major"


def test_a_code_with_another_scale_value_is_redefined_and_one_described_better_is_not() -> None:
    fields = (column("goldstein"), column("definition"))
    old = release({"010": {"goldstein": "0.0", "definition": "old"}}, *fields, table="actions", key="action")
    scale = release(
        {"010": {"goldstein": "1.0", "definition": "old"}}, *fields, table="actions", key="action"
    )
    words = release(
        {"010": {"goldstein": "0.0", "definition": "new"}}, *fields, table="actions", key="action"
    )
    assert kinds(old, scale) == ["code-redefined"]
    assert kinds(old, words) == ["cell-changed"]
    assert kinds(old, release({}, *fields, table="actions", key="action")) == ["code-withdrawn"]


def test_another_text_under_the_same_document_is_a_major_change() -> None:
    old, new = (
        release({"d001": {"sha256": sha}}, column("sha256"), table="documents", key="document_id")
        for sha in "ab"
    )
    assert kinds(old, new) == ["text-replaced"]
    assert diff(old, new).step == "major"


def test_a_closed_list_that_is_opened_is_a_major_change() -> None:
    [change] = diff(release(ROW, column("alpha", enum=["x", "y"])), PLAIN).changes
    assert (change.kind, change.column, change.old, change.new) == ("list-opened", "alpha", "x, y", None)
    assert change.step == "major"


def test_a_reference_to_another_column_is_a_major_change() -> None:
    old = release(ROW, column("alpha"), references=("alpha",))
    new = release(ROW, column("alpha"), references=("alpha",))
    new.schemas["things"]["foreignKeys"][0]["reference"]["fields"] = ["code"]
    assert [(c.kind, c.column, c.new) for c in diff(old, new).changes] == [
        ("reference-withdrawn", "alpha", "other.id"),
        ("reference-added", "alpha", "other.code"),
    ]
    assert diff(old, new).step == "major"


def test_another_type_in_the_parquet_file_is_a_major_change() -> None:
    old, new = (
        replace(PLAIN, stored={"things": {"id": "String", "alpha": kind}}) for kind in ("Int32", "Int64")
    )
    [change] = diff(old, new).changes
    assert (change.kind, change.column, change.old, change.new) == (
        *("column-stored-otherwise", "alpha", "Int32"),
        "Int64",
    )
    assert change.step == "major"
    assert diff(PLAIN, new).changes == ()  # the Parquet files of one were not read


def events(*ids: str, retired: tuple[str, ...] = (), version: str = "1.0.0") -> Snapshot:
    return release({i: {} for i in ids}, table="events", key="event_id", retired=retired, version=version)


def test_an_id_may_go_with_a_word_and_never_without() -> None:
    assert kinds(events("d001-e01"), events(retired=("d001-e01",))) == ["row-withdrawn"]
    assert "released-id-vanished" in kinds(events("d001-e01"), events())


def test_a_withdrawn_id_never_comes_back() -> None:
    withdrawn = events(retired=("d001-e01",))
    assert "released-id-reused" in kinds(withdrawn, events("d001-e01", retired=("d001-e01",)))
    # not even for those who delete the line that forbids it
    assert {"released-id-reused", "retired-id-forgotten"} <= set(kinds(withdrawn, events("d001-e01")))
    assert kinds(withdrawn, events()) == ["retired-id-forgotten"]


def test_every_kind_is_met_in_these_tests() -> None:
    """A kind that no example reaches would be a rule that nobody has seen at work."""
    source = Path(__file__).read_text(encoding="utf-8")
    missing = [kind for kind in KINDS if f'"{kind}"' not in source]
    assert missing == []


def test_a_column_described_better_needs_a_patch_step() -> None:
    described = {**column("alpha"), "description": "in other words"}
    assert kinds(PLAIN, release(ROW, described)) == ["column-described"]
    assert diff(PLAIN, release(ROW, described)).step == "patch"


# ---- what people are told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "allowed"),
    [("1.1.0.dev1", True), ("2.0.0.dev1", True), ("1.0.1.dev1", False), ("1.1.0", False)],
)
def test_a_development_build_takes_what_its_release_allows(version: str, allowed: bool) -> None:
    old = events("d001-e01", version=version)
    assert changes.is_allowed(diff(old, events("d001-e01", "d001-e02", version=version))) == allowed


def test_the_verdict_names_the_least_version() -> None:
    old, more = events("d001-e01"), ("d001-e01", "d001-e02")
    low, enough = (diff(old, events(*more, version=v)) for v in ("1.0.1", "1.1.0"))
    assert changes.verdict(low) == "The change needs a minor step: 1.1.0 or higher; 1.0.1 is too low."
    assert changes.verdict(enough) == "The change needs a minor step: 1.1.0 or higher; 1.1.0 is enough."
    assert not changes.is_allowed(low)
    assert changes.is_allowed(enough)
    assert changes.is_allowed(diff(old, events(*more, version="1.1.0.dev3")))
    assert not changes.is_allowed(diff(old, events(version="9.0.0")))


def test_words_out_of_the_data_cannot_break_the_page() -> None:
    evil = "<script>|`x`\n# head\x1b[31m\u202e"
    found = diff(
        release({"d1": {"title": "a"}}, column("title"), table="documents", key="document_id"),
        release({"d1": {"title": evil}}, column("title"), table="documents", key="document_id"),
    )
    markdown, text = changes.as_markdown(found), changes.as_text(found)
    assert "\\<script\\>\\|\\`x\\`" in markdown
    assert "\n# head" not in markdown + text
    assert not {"\x1b", "\u202e"} & set(markdown + text)


def test_a_folder_that_is_no_release_is_told_apart(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match=r"is not a release: SHA256SUMS"):
        read_release(tmp_path)


@pytest.mark.parametrize(
    "package", ["[]", "{", "[" * 100_000, '{"resources": [7]}', '{"version": "1.0.0"}', "\x00"]
)
def test_a_broken_description_is_one_clear_error(package: str, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").touch()
    (tmp_path / "datapackage.json").write_text(package, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read as a release"):
        read_release(tmp_path)


def test_a_key_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="line 4 has the same id as a line before it"):
        snapshot("1.0.0", {"things": schema()}, {"things": b"id\na\nb\na\n"})


def test_ragged_csv_is_refused() -> None:
    with pytest.raises(ValueError, match="line 3 has more or fewer cells"):
        snapshot("1.0.0", {"things": schema()}, {"things": b"id\na\nb,c\n"})
