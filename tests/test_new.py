"""`standoff new`: the next id with all that can be known, nothing overwritten, nothing made up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from standoff.cli import main
from standoff.model.ids import next_document_id
from standoff.source.strict_yaml import read

EVENTS = Path("dataset/events")


@pytest.fixture
def here(corpus_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the made-up corpus, as the working directory."""
    monkeypatch.chdir(corpus_copy)
    return corpus_copy


def article(folder: Path, name: str = "My Repört (2).txt", text: str = "Boreland met Australis.\r\n") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def test_a_document_is_copied_byte_for_byte_and_gets_the_next_id(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = article(tmp_path)
    assert main(["new", "document", str(source)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "copied to seeds/902_my_report_2.txt\ndataset/events/d902.yaml:1: d902 begins here."
    )
    assert "standoff new event d902" in out
    assert Path("seeds/902_my_report_2.txt").read_bytes() == source.read_bytes()
    document = read((EVENTS / "d902.yaml").read_text(encoding="utf-8")).value["document"]
    assert document["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert document["title"] == document["publisher"] == ""


def test_a_text_that_lies_in_seeds_is_not_copied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article(here / "seeds", "902_talks.txt")
    assert main(["new", "document", "seeds/902_talks.txt"]) == 0
    assert "copied" not in capsys.readouterr().out
    assert "file: 902_talks.txt" in (EVENTS / "d902.yaml").read_text(encoding="utf-8")
    assert sorted(path.name for path in Path("seeds").iterdir()) == [
        "900_embassy.txt",
        "901_raid.txt",
        "902_talks.txt",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file"),
        (b"PK\x03\x04\x00\xff", "no plain text in UTF-8"),
        ("naïve".encode("latin-1"), "no plain text in UTF-8"),
        (b" \n", "is empty"),
    ],
)
def test_what_is_no_text_is_refused_and_nothing_is_made(
    content: bytes | None, why: str, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "x.txt"
    if content is not None:
        source.write_bytes(content)
    assert main(["new", "document", str(source)]) == 2
    assert why in capsys.readouterr().err
    assert len(list(EVENTS.iterdir())) == len(list(Path("seeds").iterdir())) == 2


def test_a_document_is_never_begun_twice(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = article(tmp_path)
    assert main(["new", "document", str(source)]) == 0
    before = (EVENTS / "d902.yaml").read_bytes()
    assert main(["new", "document", str(source)]) == 2
    assert "is annotated already, in dataset/events/d902.yaml" in capsys.readouterr().err
    assert (EVENTS / "d902.yaml").read_bytes() == before
    assert len(list(Path("seeds").iterdir())) == 3


def test_withdrawn_ids_are_not_given_again(here: Path) -> None:
    with Path("dataset/retired.csv").open("a", encoding="utf-8") as file:
        file.write("d900-e09,0.1.0,twice the same act,d900-e01\nd907,0.1.0,rights,\n")
    article(here / "seeds", "x.txt")
    assert main(["new", "event", "d900"]) == 0
    assert main(["new", "document", "seeds/x.txt"]) == 0
    assert "- id: d900-e10\n" in (EVENTS / "d900.yaml").read_text(encoding="utf-8")
    assert (EVENTS / "d908.yaml").is_file()


@pytest.mark.parametrize(("kind", "new_id"), [("event", "d901-e04"), ("negative", "d901-n03")])
def test_a_record_is_added_and_check_asks_for_each_field(
    kind: str, new_id: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = EVENTS / "d901.yaml"
    before = path.read_text(encoding="utf-8").splitlines()
    assert main(["new", kind, "d901"]) == 0
    out = capsys.readouterr().out
    after = path.read_text(encoding="utf-8").splitlines()
    line = after.index(f"  - id: {new_id}") + 1
    assert f"{path.as_posix()}:{line}: {new_id} begins here." in out
    added = [line for line in after if line not in before]
    assert [line for line in after if line not in added] == before
    assert main(["fmt", "--check"]) == 0
    assert main(["check", "--format", "github"]) == 1
    assert f"{new_id}]" in capsys.readouterr().out
    asked = [line.split(":")[0].strip(" -") for line in added if '""' in line]
    assert all(f"\n  {field} " in out for field in asked)


@pytest.mark.parametrize("of", ["d902", "900", "d900-e01", "../d900"])
def test_an_unknown_document_is_named_with_those_that_there_are(
    of: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "event", of]) == 2
    assert f"there is no document {of}; there are d900, d901" in capsys.readouterr().err


@pytest.mark.parametrize(("wrong", "advice"), [("044", "standoff check --fix "), ("[", "standoff check ")])
def test_a_file_that_cannot_be_read_is_left_alone(
    wrong: str, advice: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = EVENTS / "d900.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"044"', wrong), encoding="utf-8")
    before = path.read_bytes()
    assert main(["new", "event", "d900"]) == 2
    assert f"mend it first: {advice}dataset/events/d900.yaml" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("existing", "following"),
    [([], "d000"), (["d004", "d002", "x"], "d005"), (["d999"], "d1000"), (["d003-e99"], "d000")],
)
def test_the_next_document_id_is_one_more_than_the_highest(existing: list[str], following: str) -> None:
    assert next_document_id(existing) == following
