"""A release: what it holds, that it can be rebuilt, and which changes a version may carry."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import polars as pl
import pytest
import yaml

from standoff.cli import main
from standoff.findings import CellTooLong, CheckFailed, ReleaseExists, UsageError
from standoff.loaders import store
from standoff.page.release import page_of
from standoff.release import changes
from standoff.release.build import Built, build
from standoff.release.citation import root_files
from standoff.release.diff import diff, read_release
from standoff.release.workbook import write_workbook
from standoff.tables import TABLES, references

HERE = Path(__file__).parents[1]
CORPUS = HERE / "corpus" / "dataset"
ROOT = HERE.parent


@pytest.fixture
def folder(releases: Path) -> Path:
    return releases / "v0.1.0"


@pytest.fixture
def dataset(corpus_copy: Path) -> Path:
    return corpus_copy / "dataset"


@pytest.fixture
def released(released_copy: Path) -> Path:
    """A dataset whose version 0.1.0 is released."""
    return released_copy / "dataset"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def at_version(dataset: Path, version: str) -> None:
    meta = dataset / "dataset.toml"
    lines = meta.read_text(encoding="utf-8").splitlines(keepends=True)
    meta.write_text(
        "".join(f'version = "{version}"\n' if line.startswith("version") else line for line in lines)
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def loaded(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def codes(failed: pytest.ExceptionInfo[CheckFailed]) -> list[str]:
    return [finding.code for finding in failed.value.findings]


# ---- what it holds -----------------------------------------------------------------------------------------------


def test_a_release_holds_these_files(folder: Path) -> None:
    assert set(contents(folder)) == {
        *(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")),
        "made-up.xlsx",
        "retired.csv",
        "changes.csv",
        "CHANGES.md",
        "CITATION.cff",
        "README.md",
        "SHA256SUMS",
        "build.json",
        "croissant.json",
        "datapackage.json",
        "explore.html",
    }


def test_the_page_of_a_release_is_what_the_command_writes(folder: Path) -> None:
    assert (folder / "explore.html").read_text(encoding="utf-8") == page_of(str(folder))


def test_the_sums_are_those_of_all_other_files(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert dict(reversed(line.split("  ")) for line in lines) == {  # type: ignore[misc]
        name: hashlib.sha256(content).hexdigest()
        for name, content in contents(folder).items()
        if name != "SHA256SUMS"
    }
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_the_data_package_keeps_the_official_profile(folder: Path) -> None:
    profile = json.loads((HERE / "schemas" / "datapackage-2.0.json").read_text(encoding="utf-8"))
    package = loaded(folder, "datapackage.json")
    jsonschema.Draft7Validator(profile).validate(package)
    with pytest.raises(jsonschema.ValidationError):  # the profile does refuse something
        jsonschema.Draft7Validator(profile).validate({**package, "resources": []})


def test_the_data_package_describes_every_column(folder: Path) -> None:
    resources = {resource["name"]: resource for resource in loaded(folder, "datapackage.json")["resources"]}
    for name, table in TABLES.items():
        fields = resources[name]["schema"]["fields"]
        assert [f["name"] for f in fields] == [c.name for c in table.columns]
        assert all(f["description"] for f in fields)
        assert resources[name]["schema"]["primaryKey"] == list(table.key)
    found = [
        (name, *key["fields"], key["reference"]["resource"], *key["reference"]["fields"])
        for name in TABLES
        for key in resources[name]["schema"].get("foreignKeys", ())
    ]
    assert found == references(TABLES)
    assert next(f for f in resources["events"]["schema"]["fields"] if f["name"] == "status")[
        "constraints"
    ] == {
        "required": True,
        "enum": ["asserted", "hedged", "contested"],
    }


def test_hashes_and_sizes_in_the_descriptions_are_right(folder: Path) -> None:
    for resource in loaded(folder, "datapackage.json")["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource.get("bytes", len(content)) == len(content)
    for file in loaded(folder, "croissant.json")["distribution"]:
        assert file["sha256"] == hashlib.sha256((folder / file["contentUrl"]).read_bytes()).hexdigest()
    for name, described in loaded(folder, "build.json")["tables"].items():
        assert described["csv_sha256"] == hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest()
        assert described["rows"] == pl.read_parquet(folder / f"{name}.parquet").height


def test_croissant_names_every_column_and_only_keys_that_exist(folder: Path) -> None:
    croissant = loaded(folder, "croissant.json")
    assert croissant["conformsTo"] == [
        "http://mlcommons.org/croissant/1.1",
        "http://mlcommons.org/croissant/RAI/1.0",
    ]
    ids = {f["@id"] for record in croissant["recordSet"] for f in record["field"]}
    assert ids == {f"{t.name}/{c.name}" for t in TABLES.values() for c in t.columns}
    named = [
        f["references"]["field"]["@id"]
        for r in croissant["recordSet"]
        for f in r["field"]
        if "references" in f
    ]
    assert named
    assert {*named, *(k["@id"] for r in croissant["recordSet"] for k in r["key"])} <= ids


def test_the_citation_keeps_the_official_schema(folder: Path) -> None:
    schema = json.loads((HERE / "schemas" / "citation-file-format.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(citation)
    assert citation["version"] == "0.1.0"


def test_the_card_lets_hugging_face_find_every_table(folder: Path) -> None:
    _, head, body = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    configs = yaml.safe_load(head)["configs"]
    assert {c["config_name"]: c["data_files"] for c in configs} == {n: f"{n}.parquet" for n in TABLES}
    assert [c["config_name"] for c in configs if c.get("default")] == ["events"]
    assert all(f"`{name}`" in body for name in (*TABLES, "made-up.xlsx", "SHA256SUMS", "retired.csv"))


def test_what_dataset_toml_says_arrives_everywhere(dataset: Path, tmp_path: Path) -> None:
    words = 'Tïtle: with "quotes", # and: colons'
    edit(dataset / "dataset.toml", 'title = "A made-up corpus for tests"', f"title = '{words}'")
    edit(
        dataset / "dataset.toml",
        'keywords = ["test"]\n',
        'keywords = ["test"]\nhomepage = "https://example.org/x"\ndoi = "10.1234/5"\ninclude = ["NOTES.md", "docs/more/a.csv"]\n',
    )
    (dataset.parent / "NOTES.md").write_bytes(b"as it stands\r\n")
    (dataset.parent / "docs" / "more").mkdir(parents=True)
    (dataset.parent / "docs" / "more" / "a.csv").write_bytes(b"a\n")
    folder = build(dataset, tmp_path / "releases").folder
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    package, croissant = loaded(folder, "datapackage.json"), loaded(folder, "croissant.json")
    card = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)[1])
    assert {citation["title"], package["title"], croissant["alternateName"], card["pretty_name"]} == {words}
    assert (citation["doi"], package["id"]) == ("10.1234/5", "https://doi.org/10.1234/5")
    assert {citation["url"], package["homepage"], croissant["url"]} == {"https://example.org/x"}
    assert (folder / "NOTES.md").read_bytes() == b"as it stands\r\n"
    assert (folder / "docs" / "more" / "a.csv").read_bytes() == b"a\n"
    assert "docs/more/a.csv" in store.read_sums(folder / "SHA256SUMS")
    assert "- `docs/more/a.csv`" in (folder / "README.md").read_text(encoding="utf-8")


def test_nothing_that_is_not_known_is_invented(folder: Path) -> None:
    """There is neither a home page nor a DOI in the made-up dataset.toml, and none in what is made from it."""
    assert not {"homepage", "id"} & set(loaded(folder, "datapackage.json"))
    assert "url" not in loaded(folder, "croissant.json")
    assert not {"doi", "url"} & set(yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["CITATION.cff", ".zenodo.json"])
def test_the_files_at_the_root_are_not_stale(name: str) -> None:
    """While the version is a .dev they name the newest release, which is what people can cite."""
    about = tomllib.loads((ROOT / "dataset" / "dataset.toml").read_text(encoding="utf-8"))
    if ".dev" in about["dataset"]["version"]:
        about["dataset"]["version"] = str(max(v for v in store.versions_in(ROOT / "releases") if v.cut))
    path = ROOT / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert text == root_files(about)[name], f"{name} is stale: run `standoff docs`"


def test_zenodo_is_told_that_this_is_a_dataset() -> None:
    record = json.loads(
        root_files(tomllib.loads((CORPUS / "dataset.toml").read_text(encoding="utf-8")))[".zenodo.json"]
    )
    assert record["upload_type"] == "dataset"
    assert record["license"] == "cc-by-4.0"
    assert record["creators"] == [{"name": "The standoff project"}]


# ---- the workbook ------------------------------------------------------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(path: Path) -> dict[str, ElementTree.Element]:
    """The worksheets of a workbook by name, as XML."""
    with zipfile.ZipFile(path) as book:
        names = [
            s.get("name") or ""
            for s in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        return {
            name: ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(names, start=1)
        }


def texts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in shared.iter(f"{MAIN}si")]


def test_the_workbook_explains_every_column_on_its_first_sheet(folder: Path) -> None:
    book = sheets(folder / "made-up.xlsx")
    assert list(book) == ["contents", *TABLES]
    said = set(texts(folder / "made-up.xlsx"))
    assert {c.description for t in TABLES.values() for c in t.columns} <= said
    for sheet in book.values():
        assert sheet.find(f".//{MAIN}pane").get("state") == "frozen"  # type: ignore[union-attr]
        assert sheet.find(f"{MAIN}autoFilter") is not None


def test_the_workbook_can_be_walked_read_and_printed(folder: Path) -> None:
    book = sheets(folder / "made-up.xlsx")
    links = {link.get("location") for link in book["contents"].iter(f"{MAIN}hyperlink")}
    assert links == {f"'{name}'!A1" for name in TABLES}
    for name, sheet in book.items():
        page = sheet.find(f"{MAIN}pageSetup")
        assert page is not None
        assert (page.get("orientation"), page.get("paperSize"), page.get("fitToHeight")) == (
            "landscape",
            "8",
            "0",
        )
        pane = sheet.find(f".//{MAIN}pane")
        assert pane is not None
        assert int(pane.get("xSplit") or 0) <= 1
        if name in TABLES:
            ignored = sheet.find(f".//{MAIN}ignoredError")
            assert ignored is not None
            assert ignored.get("numberStoredAsText") == "1"
    heights = [float(row.get("ht") or 15) for row in book["contents"].iter(f"{MAIN}row")]
    assert max(heights) > min(heights)


def test_the_ids_of_croissant_resolve_against_the_base(folder: Path, dataset: Path) -> None:
    assert "@base" not in loaded(folder, "croissant.json")["@context"]
    at_version(dataset, "0.1.1")
    edit(dataset / "dataset.toml", 'license = "', 'base = "https://example.org/data"\nlicense = "')
    document = loaded(built(dataset).folder, "croissant.json")
    assert document["@context"]["@base"] == "https://example.org/data/v0.1.1/"


def test_pandas_keeps_whole_numbers_that_may_be_missing(folder: Path) -> None:
    import pandas as pd

    for name, table in TABLES.items():
        frame = pd.read_parquet(folder / f"{name}.parquet")
        nullable = {"int32": "Int32", "bool": "boolean"}
        for column in table.columns:
            if column.kind in nullable and column.optional:
                assert str(frame.dtypes[column.name]) == nullable[column.kind], (name, column.name)


def test_what_pandas_reads_about_types_names_every_column(folder: Path) -> None:
    """fastparquet looks up each column there, and breaks down at one that is left out."""
    import pyarrow.parquet as pq

    for name, table in TABLES.items():
        stated = json.loads(pq.read_metadata(folder / f"{name}.parquet").metadata[b"pandas"])
        assert [each["name"] for each in stated["columns"]] == [column.name for column in table.columns]


def test_no_cell_is_a_formula_and_codes_are_text(folder: Path) -> None:
    shared = texts(folder / "made-up.xlsx")
    for name, sheet in sheets(folder / "made-up.xlsx").items():
        assert sheet.find(f".//{MAIN}f") is None
        if name in TABLES:
            frame = pl.read_parquet(folder / f"{name}.parquet")
            rows = list(sheet.iter(f"{MAIN}row"))
            assert len(rows) == frame.height + 1
            for column in (c for c in ("action", "root", "label") if c in frame.columns):
                letter = chr(ord("A") + frame.columns.index(column))
                cells = {c.get("r"): c for row in rows[1:] for c in row}
                for number, value in enumerate(frame[column], start=2):
                    cell = cells.get(f"{letter}{number}")
                    if value is not None:
                        assert cell is not None
                        assert cell.get("t") == "s"
                        assert shared[int(cell.findtext(f"{MAIN}v") or -1)] == value


EVIL = ["=1+1", "+1", "-5", "@x", "http://example.org", "010", "1e5", "\x0b", "_x000B_", " "]


def test_text_stays_text(tmp_path: Path, folder: Path) -> None:
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    links = frames["links"].head(1).drop("relation").join(pl.DataFrame({"relation": EVIL}), how="cross")
    frames["links"] = links.select(frames["links"].columns)
    about = tomllib.loads((CORPUS / "dataset.toml").read_text(encoding="utf-8"))
    write_workbook(tmp_path / "book.xlsx", about, frames)
    sheet, shared = sheets(tmp_path / "book.xlsx")["links"], texts(tmp_path / "book.xlsx")
    cells = {c.get("r"): c for c in sheet.iter(f"{MAIN}c")}
    for row, evil in enumerate(EVIL, start=2):
        cell = cells[f"B{row}"]
        assert cell.get("t") == "s"
        escaped = {"\x0b": "_x000B_", "_x000B_": "_x005F_x000B_"}.get(evil, evil)  # the format's own escapes
        assert shared[int(cell.findtext(f"{MAIN}v") or -1)] == escaped
    assert not list(sheet.iter(f"{MAIN}hyperlink"))


def test_a_text_that_no_cell_can_hold_is_not_cut(dataset: Path) -> None:
    edit(dataset / "events" / "d900.yaml", "The denial addresses nobody.", "😀" * 16_384)
    with pytest.raises(
        CellTooLong, match=r"events\.note of d900-e04 has 16,384 characters, and a spreadsheet"
    ):
        built(dataset)


# ---- a fault anywhere leaves everything as it was ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("events/d900.yaml", 'trigger: "warned"', 'trigger: "wrned"', "quote-not-found"),
        ("events/d901.yaml", 'action: "190"', "action: 190", "wrong-type"),
        ("actors.yaml", "id: zoe-anstrom", "id: australis", "duplicate-id"),
        ("dataset.toml", 'released = "2024-01-02"', 'released = "soon"', "malformed-value"),
        ("passes/a1/d900.yaml", 'status: asserted', 'status: certain', "unknown-value"),
    ],
)  # fmt: skip
def test_a_fault_in_any_source_leaves_the_release_as_it_is(
    file: str, old: str, new: str, code: str, released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = released.parent / "releases"
    before = contents(releases)
    text = (released / file).read_text(encoding="utf-8")
    edit(released / file, old, new)
    assert main(["build", "--dataset", str(released), "--releases", str(releases)]) == 1
    said = capsys.readouterr().err
    line = 1 + text[: text.index(old)].count("\n")
    assert re.search(rf"{re.escape(file)}:{line}:[0-9]+: error {code}: ", said)
    assert contents(releases) == before


def test_without_a_dataset_there_is_nothing_to_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--dataset", str(tmp_path), "--releases", str(tmp_path / "releases")]) == 2
    assert "is not a dataset" in capsys.readouterr().err
    assert not (tmp_path / "releases").exists()


# ---- versions ----------------------------------------------------------------------------------------------------


def built(dataset: Path) -> Built:
    return build(dataset, dataset.parent / "releases")


def test_the_same_sources_reproduce_a_cut_release(released: Path) -> None:
    before = contents(released.parent / "releases")
    again = built(released)
    assert again.reproduced
    name = tomllib.loads((released / "dataset.toml").read_text("utf-8"))["dataset"]["name"]
    assert again.summary().startswith(f"{name} {again.version}: reproduced byte for byte")
    assert contents(released.parent / "releases") == before


def test_a_cut_release_is_never_rewritten(released: Path) -> None:
    before = contents(released.parent / "releases" / "v0.1.0")
    edit(released / "events" / "d901.yaml", 'action: "190"', 'action: "193"')
    with pytest.raises(ReleaseExists, match=r"values have changed .* to 0\.2\.0 or higher"):
        built(released)
    edit(released / "events" / "d901.yaml", 'action: "193"', 'action: "190"')
    edit(released / "dataset.toml", "A made-up corpus", "A corpus made up")
    with pytest.raises(ReleaseExists, match=r"CITATION\.cff, .*by a patch step"):
        built(released)
    assert contents(released.parent / "releases" / "v0.1.0") == before


@pytest.mark.usefixtures("without_workbook")
def test_a_development_build_may_be_made_anew(dataset: Path) -> None:
    at_version(dataset, "0.1.0.dev1")
    first = contents(built(dataset).folder)
    edit(dataset / "events" / "d901.yaml", 'action: "190"', 'action: "193"')
    second = built(dataset)
    assert not second.reproduced
    assert contents(second.folder) != first
    assert [path.name for path in second.folder.parent.iterdir()] == ["v0.1.0.dev1"]


def test_git_ignores_development_builds_and_what_killed_builds_leave() -> None:
    for name in ("releases/v0.3.0.dev1/events.csv", "releases/.staging-abc/events.csv"):
        assert subprocess.run(["git", "check-ignore", "--quiet", name], cwd=ROOT, check=False).returncode == 0
    assert (
        subprocess.run(
            ["git", "check-ignore", "--quiet", "releases/v0.3.0/x"], cwd=ROOT, check=False
        ).returncode
        == 1
    )


@pytest.mark.usefixtures("without_workbook")
def test_a_version_that_is_too_low_is_a_finding_at_its_line(released: Path) -> None:
    edit(released / "events" / "d901.yaml", 'action: "190"', 'action: "193"')
    at_version(released, "0.1.1")
    with pytest.raises(CheckFailed) as failed:
        built(released)
    (finding,) = failed.value.findings
    assert finding.code == "release-version-too-low"
    assert (finding.path.rpartition("/")[2], finding.line) == ("dataset.toml", 5)
    assert finding.excerpt == 'version = "0.1.1"'
    assert (finding.data["value"], finding.data["expected"]) == ("0.1.1", ["at least 0.2.0"])
    named = ("0.1.0", "4 × cell-changed", "minor")
    assert [fact for fact in named if fact not in finding.message] == []
    at_version(released, "0.2.0")
    folder = built(released).folder
    assert "d901-e01 action:" in (folder / "CHANGES.md").read_text(encoding="utf-8").replace("\\", "")
    assert "events,cell-changed,d901-e01,action,190,193,minor\n" in (folder / "changes.csv").read_text(
        "utf-8"
    )
    assert loaded(folder, "build.json")["changes_since"] == "0.1.0"


@pytest.mark.usefixtures("without_workbook")
def test_a_release_that_changes_no_table_needs_a_patch_step(released: Path) -> None:
    edit(released / "dataset.toml", "A made-up corpus", "A corpus made up")
    at_version(released, "0.1.1")
    assert (built(released).folder / "changes.csv").read_bytes().count(b"\n") == 1


def test_an_older_release_can_still_be_reproduced(released: Path) -> None:
    at_version(released, "0.2.0")
    built(released)
    at_version(released, "0.1.0")
    assert built(released).reproduced


@pytest.mark.usefixtures("without_workbook")
def test_no_release_comes_before_one_that_is_out(dataset: Path) -> None:
    at_version(dataset, "0.2.0")
    assert not built(dataset).reproduced
    at_version(dataset, "0.1.5")
    with pytest.raises(CheckFailed) as failed:
        built(dataset)
    assert codes(failed) == ["version-below-release"]
    assert failed.value.findings[0].data["expected"] == ["at least 0.2.0"]


WITHOUT_N02 = """  - id: d901-n02
    evidence: "If the raids go on, Australis will close its ports"
    trigger: "will close its ports"
    mark: "If"
    reason: conditional
    would_be: {action: "163", actor: australis}
"""


@pytest.mark.usefixtures("without_workbook")
def test_an_id_goes_only_with_a_word_in_retired_csv_and_never_comes_back(released: Path) -> None:
    events, retired = released / "events" / "d901.yaml", released / "retired.csv"
    edit(events, WITHOUT_N02, "")
    at_version(released, "0.2.0")
    with pytest.raises(CheckFailed) as failed:
        built(released)
    assert codes(failed) == ["id-vanished"]
    assert failed.value.findings[0].id == "d901-n02"
    edit(retired, "replaced_by\n", "replaced_by\nd901-n02,0.2.0,It was an event.,\n")
    assert b"d901-n02,0.2.0,It was an event.,\n" in (built(released).folder / "retired.csv").read_bytes()

    at_version(released, "0.3.0")
    edit(retired, "d901-n02,0.2.0,It was an event.,\n", "")
    with pytest.raises(CheckFailed) as failed:
        built(released)
    assert codes(failed) == ["withdrawal-lost"]
    last = '    would_be: {action: "194", target: boreland-military}\n'
    edit(events, last, f"{last}{WITHOUT_N02}")
    with pytest.raises(CheckFailed) as failed:
        built(released)
    assert codes(failed) == ["withdrawal-lost"], "before the tables are compared"


def test_a_build_that_lost_rows_stops(dataset: Path) -> None:
    meta = dataset / "dataset.toml"
    meta.write_text(
        meta.read_text(encoding="utf-8") + "\n[minimum_rows]\nnegatives = 4\nevents = 9\nevets = 1\n",
        encoding="utf-8",
    )
    with pytest.raises(CheckFailed) as failed:
        built(dataset)
    assert set(codes(failed)) == {"minimum-rows-unmet"}
    assert {finding.excerpt for finding in failed.value.findings} == {"events = 9", "evets = 1"}


@pytest.mark.parametrize("name", ["CODEBOOK.md", "README.md"])  # is not there; is made by the build
def test_a_file_that_a_release_is_to_carry_must_be_there(name: str, dataset: Path) -> None:
    edit(dataset / "dataset.toml", 'keywords = ["test"]\n', f'keywords = ["test"]\ninclude = ["{name}"]\n')
    with pytest.raises(CheckFailed) as failed:
        built(dataset)
    assert codes(failed) == ["included-file-missing"]
    assert failed.value.findings[0].data["value"] == name


def test_a_damaged_earlier_release_stops_the_build(released: Path) -> None:
    folder = released.parent / "releases" / "v0.1.0"
    at_version(released, "0.2.0")
    edit(folder / "events.csv", "shelled", "bombed")
    with pytest.raises(UsageError, match=r"events\.csv is not what SHA256SUMS says"):
        built(released)


@pytest.mark.usefixtures("without_workbook")
def test_diff_on_the_command_line(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = released.parent / "releases" / "v0.1.0"
    edit(released / "events" / "d901.yaml", 'action: "190"', 'action: "193"')
    at_version(released, "0.2.0.dev1")
    other = built(released).folder
    releases = ["--releases", str(one.parent)]
    assert main(["diff", "0.1.0", str(other), *releases]) == 0
    said = capsys.readouterr().out
    assert "needs a minor step: 0.2.0 or higher; 0.2.0.dev1 is enough" in said
    assert '~ d901-e01 action: "190" → "193"' in said
    difference = diff(read_release(one), read_release(other))
    for name, render in changes.FORMATS.items():
        assert main(["diff", "0.1.0", str(other), "--format", name, *releases]) == 0
        assert capsys.readouterr().out == render(difference)
    assert main(["diff", str(other), "0.1.0", *releases]) == 1
    assert main(["diff", "0.1.0", "0.1.0", *releases]) == 0
    assert "No table changed" in capsys.readouterr().out
    assert main(["diff", "0.9.0", "0.1.0", *releases]) == 2
    assert "0.9.0 is neither a folder nor a release" in capsys.readouterr().err


@pytest.mark.usefixtures("without_workbook")
def test_diff_tells_a_version_that_is_too_low_from_a_change_that_none_allows(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = released.parent / "releases" / "v0.1.0"
    edit(released / "events" / "d901.yaml", 'action: "190"', 'action: "193"')
    at_version(released, "0.1.1.dev1")
    low = build(released, released.parent / "low").folder
    assert main(["diff", str(one), str(low)]) == 1
    capsys.readouterr()
    before = (low / "retired.csv").read_bytes()
    edit(low / "retired.csv", "replaced_by\n", "replaced_by\nd901-e01,0.1.0,It was told twice.,\n")
    edit(
        low / "SHA256SUMS",
        *(hashlib.sha256(c).hexdigest() for c in (before, (low / "retired.csv").read_bytes())),
    )
    assert main(["diff", str(one), str(low)]) == 4
    assert "No version allows this change" in capsys.readouterr().out
    assert main(["diff", str(low), str(released)]) == 2


@pytest.mark.parametrize("listed", [True, False])
def test_diff_reads_the_parquet_files(
    released: Path, capsys: pytest.CaptureFixture[str], listed: bool
) -> None:
    folder = released.parent / "releases" / "v0.1.0"
    file = folder / "events.parquet"
    before = file.read_bytes()
    frame = pl.read_parquet(file).with_columns(action=pl.lit("010"))
    frame.write_parquet(file)
    if listed:
        digests = (hashlib.sha256(content).hexdigest() for content in (before, file.read_bytes()))
        edit(folder / "SHA256SUMS", *digests)
    assert main(["diff", str(folder), str(folder)]) == 2
    assert (
        "holds other rows than events.csv" if listed else "is not what SHA256SUMS says"
    ) in capsys.readouterr().err


def test_diff_knows_neither_polars_nor_pandera() -> None:
    """It reads text only, so that a release from a stranger's pull request can be compared."""
    code = (
        "import sys, standoff.release.diff, standoff.release.changes;"
        "sys.exit(bool({'polars', 'pandera', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


IN_SHARES = """
import sys
from pathlib import Path
from standoff.release.build import build
from standoff.source import processes
processes.LEAST, processes.MOST = 1, int(sys.argv[3])
processes.os.sched_getaffinity = lambda _: range(int(sys.argv[3]))
build(Path(sys.argv[1]), Path(sys.argv[2]))
print(*sorted({"pandas", "pandera"} & sys.modules.keys()))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process does all here")
def test_three_processes_make_the_same_release(folder: Path, dataset: Path, tmp_path: Path) -> None:
    """The release of `folder` was made in one process, where polars was imported already."""
    arguments = [sys.executable, "-c", IN_SHARES, str(dataset), str(tmp_path / "releases"), "3"]
    run = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert contents(tmp_path / "releases" / "v0.1.0") == contents(folder)
    assert run.stdout.split() == [], "a table that keeps its contract needs no pandera"
