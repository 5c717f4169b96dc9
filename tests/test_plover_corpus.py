"""A small invented corpus coded in PLOVER (`tests/plover/`) passes everything that our own passes.

Nothing that its makers meet names another scheme, another dataset or our folder of documents.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import standoff
from standoff import cli
from standoff.cli import check, main
from standoff.exchange.formats import known
from standoff.exchange.rows import POLECAT

CORPUS = Path(__file__).parent / "plover"
FOREIGN = re.compile(r"cameo|goldstein|iran|hezb|\bseeds\b", re.IGNORECASE)
NAMING = ("init", "check", "codes")
"""Commands whose options take the names of schemes and formats, so that their help has to name them."""
EXPORTED = [
    name
    for name, form in known()[0].items()
    if form.write_to is not None and name not in ("gdelt2", "icews", "spacy")
]
"""Formats that any dataset can be exported to. Rows of GDELT, ICEWS and POLECAT hold CAMEO codes; spaCy may be missing."""
COUNTRIES = ("countries.csv", "countries.parquet")
"""The list of countries names Iran."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the corpus with a release."""
    folder = tmp_path_factory.mktemp("plover") / "border-notes"
    shutil.copytree(CORPUS, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            assert main(["docs", "--all"]) == 0
            assert main(["build"]) == 0
    assert "events" in said.getvalue()
    assert not FOREIGN.findall(said.getvalue())
    return folder


@pytest.fixture
def here(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(corpus)
    return corpus


def test_the_corpus_has_no_findings(here: Path) -> None:
    assert standoff.check("dataset").counts == {}


def test_scores_of_the_scheme_take_the_place_of_goldsteins(here: Path) -> None:
    events = standoff.load("events", source=".")
    scores = dict(events.select("action", "plover_score").iter_rows())
    assert scores["COERCE:seize"] == -7.0
    assert scores["AGREE"] == 2.5
    assert set(events["action_scheme"]) == {"PLOVER"}
    for table in standoff.Release(".").tables:
        assert not [name for name in standoff.load(table, source=".").columns if FOREIGN.search(name)]


def test_codes_below_an_event_type_are_half_right(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        {"document": "d002", "action": "ASSAULT", "trigger": {"quote": "shot at"}},
        {"document": "d002", "action": "AGREE", "trigger": {"quote": "promised"}},
        {"document": "d001", "action": "COERCE:seize", "trigger": {"quote": "seized"}},
    ]
    Path("answers.jsonl").write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    assert main(["score", "answers.jsonl", "--ci", "0", "--report", "json"]) == 0
    ladder = json.loads(capsys.readouterr().out)["systems"][0]["ladder"]
    assert [ladder[rung]["hits"] for rung in ("found", "root", "code")] == [3, 3, 2]


def _ngec() -> str:
    def side(text: str, country: str, sector: str) -> list[dict[str, str]]:
        return [{"text": text, "country": country, "code_1": sector}]

    records = [
        {
            "id": "d001_COERCE_R", "story_id": "d001", "event_type": "COERCE", "event_mode": ["seize"], "date_resolved": "2025-04-10",
            "attributes": {"ACTOR": side("Border guards", "NFK", "MIL"), "RECIP": side("dairy", "PCN", "BUS")},
        },
        {
            "id": "d002_CONSULT_R", "story_id": "d002", "event_type": "CONSULT", "event_mode": [], "date_resolved": "2025-04-19",
            "attributes": {"ACTOR": side("ministers", "PCN", "GOV"), "RECIP": side("ministers", "NFK", "GOV")},
        },
        {"id": "d002_SUPPORT_R", "story_id": "d002", "event_type": "SUPPORT", "event_mode": [], "attributes": {}},
    ]  # fmt: skip
    return "\n".join(map(json.dumps, records))


def _polecat() -> str:
    rows = [
        ("d001", "COERCE", "seize", "2025-04-10"),
        ("d002", "CONSULT", "", "2025-04-19"),
        ("d002", "SUPPORT", "", "2025-04-20"),
    ]
    cells = [dict(zip(("story_id", "type", "mode", "date"), row, strict=True)) for row in rows]
    names = POLECAT.columns
    lines = [
        [titles[0] for titles in names.values()],
        *([row.get(name, "") for name in names] for row in cells),
    ]
    return "\n".join("\t".join(line) for line in lines)


def _lines() -> str:
    records = [
        {"document": "d001", "quote": "seized", "event_type": "coerce/seize", "date": "2025-04-10"},
        {"document": "d002", "quote": "met", "action": "Consult", "date": "2025-04-19"},
        {"document": "d002", "quote": "Nobody has claimed", "action": "SUPPORT"},
    ]
    return "\n".join(map(json.dumps, records))


@pytest.mark.parametrize(
    ("form", "write", "level"),
    [("plover", _ngec, "document"), ("polecat", _polecat, "document"), ("predictions", _lines, "trigger")],
)
def test_what_coders_of_plover_write_is_scored(
    here: Path,
    tmp_path: Path,
    form: str,
    write: Callable[[], str],
    level: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By hand: two of the three records have the right type and mode; the third is a type that its document lacks."""
    answers = tmp_path / ("answers.txt" if form == "polecat" else "answers.jsonl")
    answers.write_text(write())
    assert main(["score", str(answers), "--ci", "0", "--no-references", "--report", "json"]) == 0
    [system] = json.loads(capsys.readouterr().out)["systems"]
    assert (system["intake"]["format"], system["signature"]["match"]) == (form, level)
    assert system["signature"]["codes"] == "plover"
    assert not system["intake"].get("faults")
    ladder = {rung: counts["hits"] for rung, counts in system["ladder"].items()}
    # Matched by document, a record of a type that no event there has is still a pair: only its words could tell.
    assert ladder["found"] == (3 if level == "document" else 2)
    assert [ladder[rung] for rung in ("root", "base", "code")] == [2, 2, 2]


TABLE = "releases/v0.1.0.dev1/events.csv"
RELEASE = "releases/v0.1.0.dev1"
SCORE = ["score", "answers.jsonl", "--ci", "0"]
COMMANDS = [
    *(["check", "--format", form] for form in check.FORMATS),
    ["check", TABLE, "--format", "json", "--notes"],
    ["fmt", "--check"],
    ["docs", "--check", "--all"],
    ["new", "document", "report.txt"],
    ["new", "event", "d001"],
    ["new", "negative", "d001"],
    ["show", "d001-e02"],
    ["show", "d002"],
    *(["agree", "--format", form] for form in ("text", "markdown", "json")),
    ["rules"],
    ["codes"],
    ["codes", "seize"],
    ["codes", "trade"],
    ["explain", "unknown-value"],
    ["page", "--to", "page.html"],
    ["hydrate", "--documents", "documents"],
    ["hydrate", "negatives", "--documents", "documents"],
    *([*SCORE, "--report", form] for form in ("text", "markdown", "json", "html", "summary")),
    [*SCORE, "--explain"],
    *(["diff", RELEASE, RELEASE, "--format", form] for form in ("text", "markdown", "json", "csv")),
    *(["export", name, "--to", f"out/{name}"] for name in EXPORTED),
    ["import", "predictions", "out-of/predictions.jsonl", "--as", "b1"],
    ["datasets"],
    *([name, "--help"] for name in cli.COMMANDS if name not in NAMING),
]
"""Every command, with every form of its output."""
WRITING = {"fmt", "new", "page", "hydrate", "score", "export", "import"}
"""Commands that write files, or read those that the test writes; the others share one folder."""
REFUSED = [
    *(["export", name, "--to", f"out/{name}"] for name in ("gdelt2", "icews")),
    ["show", "d001-e99"],
    ["codes", "COERCE:sieze"],
    ["codes", "--without", "icews"],
    ["export", "brat", "9.9.9", "--to", "out/none"],
    ["check", "--select", "unknown-acton"],
    ["upgrade"],
    ["new", "event", "d009"],
    ["hydrate", "event", "--documents", "documents"],
]
"""Requests that fail."""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_output_names_another_scheme_or_dataset(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = corpus
    if command[0] in WRITING:
        folder = tmp_path / "border-notes"
        shutil.copytree(corpus, folder)
        (folder / "answers.jsonl").write_text(
            '{"document": "d001", "action": "COERCE:sieze", "trigger": {"quote": "seized"}}\n'
        )
        (folder / "report.txt").write_text("A report.\n")
    monkeypatch.chdir(folder)
    if command[0] == "import":
        assert main(["export", "predictions", "--to", "out-of"]) == 0
        capsys.readouterr()
    before = set(folder.rglob("*"))
    try:
        status = main(command)
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == 0
    out, err = capsys.readouterr()
    if command == ["rules"] or "sarif" in command:
        out = re.sub("(?i)goldstein", "", out)  # goldstein-mismatch is about tables of any origin
    if command == ["datasets"]:
        out = out.partition("\n")[2]  # the first is the dataset of this installation, and where it is
    assert not FOREIGN.findall(out)
    assert not FOREIGN.findall(err)
    written = (
        path for path in set(folder.rglob("*")) - before if path.is_file() and path.name not in COUNTRIES
    )
    for path in written:
        assert command[0] in WRITING, path
        if path.suffix not in (".xlsx", ".db"):
            assert not FOREIGN.findall(path.name + path.read_bytes().decode("utf-8", "replace")), path


@pytest.mark.parametrize("command", REFUSED, ids=" ".join)
def test_no_refusal_names_another_scheme_or_dataset(
    here: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) in (1, 2)
    out, err = capsys.readouterr()
    assert out or err
    assert not FOREIGN.findall(out)
    assert not FOREIGN.findall(err)


def test_the_database_names_no_other_scheme(here: Path, tmp_path: Path) -> None:
    assert main(["export", "sqlite", "--to", str(tmp_path / "database")]) == 0
    connection = sqlite3.connect(tmp_path / "database" / "standoff.db")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    columns = [
        column
        for name in names
        if not name.startswith("sqlite_")
        for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")')
    ]
    assert not [name for name in (*names, *columns) if FOREIGN.search(name)]
    assert "plover_score" in columns
    [first] = connection.execute("SELECT plover_score FROM who_to_whom WHERE action = 'COERCE:seize' LIMIT 1")
    assert first == (-7.0,)


def test_graphs_carry_the_scores_of_the_scheme(here: Path, tmp_path: Path) -> None:
    assert main(["export", "graphml", "--to", str(tmp_path / "graph")]) == 0
    text = (tmp_path / "graph" / "events.graphml").read_text()
    assert 'attr.name="plover_score" attr.type="double"' in text
    assert '<data key="e_plover_score">-7</data>' in text


def test_no_file_names_another_scheme_or_dataset(here: Path) -> None:
    assert main(["page", "--to", "page.html"]) == 0
    named = {
        path.relative_to(here).as_posix(): words
        for path in here.rglob("*")
        if path.is_file() and path.name not in COUNTRIES and path.suffix != ".xlsx"
        if (words := set(FOREIGN.findall(path.name + path.read_bytes().decode("utf-8", "replace"))))
    }
    assert named == {}


WRONG = {
    "action: CAMEO's code": ('action: "COERCE:seize"', 'action: "173"'),
    "action: misspelt": ('action: "COERCE:seize"', 'action: "COERCE:sieze"'),
    "action: empty": ('action: "COERCE:seize"', 'action: ""'),
    "action: a number": ('action: "COERCE:seize"', "action: 173"),
    "reason: unknown": ("reason: future", "reason: never"),
    "would_be: unknown": ('would_be: {action: "PROTEST:strike"', 'would_be: {action: "143"'),
    "target: required": ('[{id: alba-dairy, quote: "Alba\'s dairy cooperative"}]', "[]"),
    "actor: unknown": ("id: brenn-guards", "id: brenn-guard"),
    "file: elsewhere": ("file: 001_pass.txt", "file: ../001_pass.txt"),
    "file: missing": ("file: 001_pass.txt", "file: 001_past.txt"),
    "reciprocal: one way": ('action: "ACCUSE:allege"', 'action: "ACCUSE:allege"\n    reciprocal: true'),
}


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG.keys())
def test_no_finding_names_another_scheme_or_dataset(tmp_path: Path, old: str, new: str) -> None:
    folder = tmp_path / "border-notes"
    shutil.copytree(CORPUS, folder)
    file = folder / "dataset" / "events" / "d001.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    result = standoff.check(folder / "dataset")
    assert len(result) or old.startswith("[{id: alba-dairy")
    for finding in result:
        assert not FOREIGN.findall(f"{finding.message} {finding.remedy} {finding.closest}"), finding


def test_a_basis_of_another_scheme_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "border-notes"
    shutil.copytree(CORPUS, folder)
    actors = folder / "dataset" / "actors.yaml"
    actors.write_text(actors.read_text().replace("basis: plover", "basis: cameo", 1))
    [finding] = standoff.check(folder / "dataset")
    assert finding.code == "unknown-value"
    assert finding.data is not None
    assert finding.data["expected"] == ["plover", "composed", "assigned"]


def test_plovers_rules_about_who_is_required_hold(tmp_path: Path) -> None:
    """AID and SANCTION need a recipient, by the manual's summary table; REQUEST does not."""
    folder = tmp_path / "border-notes"
    shutil.copytree(CORPUS, folder)
    file = folder / "dataset" / "events" / "d001.yaml"
    text = file.read_text()
    for action, code in (
        ("AID", {"missing-target": 1}),
        ("SANCTION:expel", {"missing-target": 1}),
        ("REQUEST", {}),
    ):
        file.write_text(
            text.replace('target: []\n    action: "COERCE:restrict"', f'target: []\n    action: "{action}"')
        )
        assert standoff.check(folder / "dataset", select=["missing-target"]).counts == code


def test_the_list_of_actions_is_the_schemes(here: Path) -> None:
    actions = pl.read_csv("releases/v0.1.0.dev1/actions.csv")
    assert actions.height == 83
    assert set(actions["quad_class_scheme"]) == {"PLOVER"}
