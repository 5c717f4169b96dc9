"""`standoff new`: the next id with all that can be known, nothing overwritten, nothing made up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.cli import main
from standoff.model.ids import is_document_id, new_document_id
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


def test_a_document_is_copied_byte_for_byte_and_gets_an_id(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = article(tmp_path)
    assert main(["new", "document", str(source)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "copied to seeds/7719_my_report_2.txt\ndataset/events/d7719.yaml:1: d7719 begins here."
    )
    assert "standoff new event d7719" in out
    assert Path("seeds/7719_my_report_2.txt").read_bytes() == source.read_bytes()
    document = read((EVENTS / "d7719.yaml").read_text(encoding="utf-8")).value["document"]
    assert document["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert document["title"] == document["publisher"] == ""


def test_a_text_that_lies_in_seeds_is_not_copied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article(here / "seeds", "902_talks.txt")
    assert main(["new", "document", "seeds/902_talks.txt"]) == 0
    assert "copied" not in capsys.readouterr().out
    assert "file: 902_talks.txt" in (EVENTS / "d7719.yaml").read_text(encoding="utf-8")
    assert sorted(path.name for path in Path("seeds").iterdir()) == [
        "900_embassy.txt",
        "901_raid.txt",
        "902_talks.txt",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file"),
        (b"PK\x03\x04\x00\xff", "not plain text in UTF-8"),
        ("naïve".encode("latin-1"), "not plain text in UTF-8"),
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
    before = (EVENTS / "d7719.yaml").read_bytes()
    assert main(["new", "document", str(source)]) == 2
    assert "is annotated already, in dataset/events/d7719.yaml" in capsys.readouterr().err
    assert (EVENTS / "d7719.yaml").read_bytes() == before
    assert len(list(Path("seeds").iterdir())) == 3


def test_withdrawn_ids_are_not_given_again(here: Path) -> None:
    with Path("dataset/retired.csv").open("a", encoding="utf-8") as file:
        file.write("d900-e09,0.1.0,twice the same act,d900-e01\nd7719,0.1.0,rights,\n")
    article(here / "seeds", "x.txt")
    assert main(["new", "event", "d900"]) == 0
    assert main(["new", "document", "seeds/x.txt"]) == 0
    assert "- id: d900-e10\n" in (EVENTS / "d900.yaml").read_text(encoding="utf-8")
    assert (EVENTS / "d7720.yaml").is_file()


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
    assert f"fix it first: {advice}dataset/events/d900.yaml" in capsys.readouterr().err
    assert path.read_bytes() == before


@given(st.binary(min_size=1), st.sets(st.integers(1000, 9999).map("d{}".format), max_size=5))
def test_the_id_of_a_new_document_follows_from_its_text_and_is_free(text: bytes, taken: set[str]) -> None:
    digest = hashlib.sha256(text).hexdigest()
    first = new_document_id([], digest)
    assert is_document_id(first)
    assert first == new_document_id(["d003", "d003-e99", "x"], digest)
    second = new_document_id([first, *taken], digest)
    assert is_document_id(second)
    assert second not in {first, *taken}


def test_numbers_go_round_and_end() -> None:
    assert new_document_id(["d9999"], f"{8999:064x}") == "d1000"
    with pytest.raises(ValueError, match="taken"):
        new_document_id((f"d{number}" for number in range(1000, 10_000)), "0" * 64)


def test_several_files_and_folders_become_documents(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    (folder / "sub").mkdir(parents=True)
    for name in ("b.txt", "a.txt", "sub/c.TXT", "notes.md"):
        article(folder, name, f"This is {name}.")
    single = article(tmp_path, "single")
    before = set(EVENTS.iterdir())
    assert main(["new", "document", str(folder), str(single)]) == 0
    assert capsys.readouterr().out.count(" begins here") == 4
    new = sorted(set(EVENTS.iterdir()) - before)
    names = [read(path.read_text()).value["document"]["file"].partition("_")[2] for path in new]
    assert sorted(names) == ["a.txt", "b.txt", "c.txt", "single.txt"]
    assert main(["new", "document", str(folder)]) == 2
    assert "every text file there is annotated already" in capsys.readouterr().err
    article(folder, "d.txt", "A new one.")
    assert main(["new", "document", str(folder)]) == 0, "what is annotated already is passed over in a folder"
    assert len(set(EVENTS.iterdir()) - before) == 5


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": b"One.", "b.txt": b"One."}, "have the same text"),
        ({"a.txt": b"One.", "b.txt": b"\xff"}, "is not plain text in UTF-8"),
        ({"a.md": b"One."}, "holds no text file"),
    ],
)
def test_of_several_files_all_or_none_are_taken(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, bytes], said: str
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    before = sorted(EVENTS.iterdir())
    assert main(["new", "document", str(folder)]) == 2
    assert said in capsys.readouterr().err
    assert sorted(EVENTS.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("a.pdf", "pdftotext"), ("a.html", "pandoc -t plain"), ("a.docx", "pandoc"), ("a.rtf", "Word")],
)
def test_other_formats_are_refused_with_a_way_to_convert_them(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    assert main(["new", "document", str(article(tmp_path, name, "{\\rtf1 text}"))]) == 2
    assert said in capsys.readouterr().err
    assert main(["new", "event", "d900", "d901"]) == 2
    assert "name one document" in capsys.readouterr().err
