"""`check --fix`: what can be fixed without a decision is fixed, and nothing else is touched."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.cli import main
from standoff.model.closest import same_words
from standoff.model.places import Fix, Place
from standoff.source.canonical import quoted
from standoff.source.edits import Edit, apply_fixes
from standoff.source.strict_yaml import read
from standoff.source.writing import write_text

CORPUS = Path(__file__).parents[1] / "corpus"
EVENTS = "dataset/events"


def spoilt(text: str, chosen: list[bool]) -> str:
    """The file as an editor without curly quotes, and a hand without care, would have left it."""
    choices = iter(chosen)

    def value(match: re.Match[str]) -> str:
        if not next(choices, False):
            return match.group()
        if match["key"] in ("action", "date"):
            return f"{match['key']}: {match['value']}"  # a code or date without its quotes
        words = read(f'"{match["value"]}"').value
        return f"{match['key']}: {quoted(str(words).translate({0x2019: 39, 0x201C: 34, 0x201D: 34}))}"

    return re.sub(r'\b(?P<key>evidence|quote|trigger|action): "(?P<value>(?:[^"\\]|\\.)*)"', value, text)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(st.booleans(), min_size=25, max_size=25))
def test_typography_and_missing_quotes_are_mended_to_what_they_were(chosen: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        shutil.copytree(CORPUS, folder, dirs_exist_ok=True)
        patch.chdir(folder)
        originals = {path: path.read_bytes() for path in Path(EVENTS).glob("*.yaml")}
        for path, original in originals.items():
            path.write_text(spoilt(original.decode("utf-8"), chosen), encoding="utf-8")
        assert main(["check", "--fix", "--quiet"]) == 0
        assert {path: path.read_bytes() for path in originals} == originals


def test_only_showing_changes_nothing(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    path = Path(EVENTS, "d900.yaml")
    text = path.read_text(encoding="utf-8").replace('trigger: "met"', 'trigger: " met"')
    path.write_text(text, encoding="utf-8")
    assert main(["check", "--diff"]) == 1
    out = capsys.readouterr().out
    assert '-    trigger: " met"\n+    trigger: "met"\n' in out
    assert path.read_text(encoding="utf-8") == text


def test_a_word_that_differs_is_left_to_the_annotator(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    path = Path(EVENTS, "d900.yaml")
    text = path.read_text(encoding="utf-8").replace('trigger: "warned"', 'trigger: "Warned"')
    path.write_text(text, encoding="utf-8")
    assert main(["check", "--fix"]) == 1
    assert path.read_text(encoding="utf-8") == text
    # The marker points at the one character that differs.
    assert '\n      |               ^ closest: "warned"\n' in capsys.readouterr().out


@pytest.mark.parametrize("style", ["|", ">", "|-", ">-"])
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_words_below_a_bar_are_left_to_the_annotator(
    style: str, option: str, corpus_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    path = Path(EVENTS, "d900.yaml")
    text = path.read_text(encoding="utf-8").replace('trigger: "met"', f"trigger: {style}\n      met\u00a0")
    path.write_text(text, encoding="utf-8")
    assert main(["check", option]) == 1
    assert path.read_text(encoding="utf-8") == text


def test_a_fix_that_would_break_the_file_is_not_written(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    monkeypatch.setattr(
        "standoff.source.canonical.quoted", lambda words: f'"{words}'
    )  # the quote does not end
    path = Path(EVENTS, "d900.yaml")
    text = path.read_text(encoding="utf-8").replace('trigger: "met"', 'trigger: " met"')
    path.write_text(text, encoding="utf-8")
    assert main(["check", "--fix"]) == 1
    assert path.read_text(encoding="utf-8") == text
    assert capsys.readouterr().err == f"{path}: left as it is: the fixed file could not be read\n"


def test_a_byte_order_mark_is_one_finding_and_is_taken_away(
    corpus_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(corpus_copy)
    file = corpus_copy / EVENTS / "d900.yaml"
    original = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + original)
    assert main(["check"]) == 1
    assert capsys.readouterr().out.count("UTF-8 without BOM") == 1
    assert main(["check", "--fix"]) == 0
    assert file.read_bytes() == original


def test_line_ends_and_all_that_no_finding_is_about_stay(
    corpus_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    path = Path(EVENTS, "d901.yaml")
    crlf = path.read_bytes().replace(b"\n", b"\r\n").replace(b"events:", b"events:   # odd  ")
    path.write_bytes(crlf.replace(b'action: "190"', b"action: 190"))
    assert main(["check", "--fix"]) == 0
    assert path.read_bytes() == crlf


# ---- the pieces ----------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("aé–“”’'\"- \u00a0\n"), max_size=12))
def test_words_stay_the_same_through_typography(text: str) -> None:
    plain = text.translate({0x2019: 39, 0x201C: 34, 0x201D: 34, 0x2013: 45, 0xA0: 32})
    assert same_words(plain, text)
    assert same_words(text, plain)
    assert not same_words(text + "x", plain)


@pytest.mark.parametrize(("one", "other"), [("Met", "met"), ("Zoe", "Zoë"), ("a b", "ab"), ("it’s", 'it"s')])
def test_case_accents_and_letters_are_words(one: str, other: str) -> None:
    assert not same_words(one, other)


LINES = st.lists(st.text("ab🏽", max_size=6), min_size=1, max_size=5)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_a_fix_replaces_its_place_and_nothing_else(lines: list[str], end: str, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, len(lines[row])))
    stop = data.draw(st.integers(start, len(lines[row])))
    fix = Fix(Place(row + 1, start + 1, row + 1, stop + 1), "new")
    expected = [*lines[:row], lines[row][:start] + "new" + lines[row][stop:], *lines[row + 1 :]]
    assert apply_fixes(end.join(lines), [fix, fix]) == end.join(expected)


def test_of_two_fixes_that_overlap_the_first_is_applied() -> None:
    first, second = Fix(Place(1, 1, 1, 4), "X"), Fix(Place(1, 3, 1, 6), "Y")
    assert apply_fixes("abcdef", [second, first]) == "Xdef"


def test_a_file_that_cannot_be_replaced_stays_and_leaves_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(file, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
    assert file.read_text(encoding="utf-8") == "old"


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    write_text(file, "new")
    assert file.read_text(encoding="utf-8") == "new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_diff_says_when_only_line_ends_change() -> None:
    def shown(before: str, after: str) -> list[str]:
        return list(Edit(Path("a"), "a", before, after).diff())

    assert shown("x\r\n", "x\n") == ["(only line ends change in a)"]
    assert shown("x\n", "x\n") == []
    assert shown("x\n", "y\n")[-2:] == ["-x", "+y"]


@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        ("a: 010\n", 'a: "010"\n', True),
        ("a: |\n  b\nc: d\n", 'a: "b"c: d\n', False),
        ('a: "b"\nc: d\n', 'a: "b"\na: d\n', False),
        ("\ufeffa: 010\n", "a: 010\n", True),  # what could not be read before may show further faults
    ],
)
def test_an_edit_is_sound_if_what_could_be_read_reads_as_well(before: str, after: str, sound: bool) -> None:
    assert Edit(Path("a"), "a", before, after).sound is sound


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    write_text(file, "first", new=True)
    with pytest.raises(FileExistsError):
        write_text(file, "second", new=True)
    assert file.read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
