"""The canonical form: one way to write each file, no value changed, no comment lost."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standoff.cli import main
from standoff.findings import ChangedMeanwhile, Unreadable
from standoff.source import canonical as canonical_module
from standoff.source import strict_yaml
from standoff.source.canonical import WIDTH, append, canonical, dump, quoted
from standoff.source.writing import write_text

CORPUS = Path(__file__).parents[1] / "corpus"

# ---- files as people may write them --------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "met",
        "it’s",
        "# no comment",
        "a: b",
        "- x",
        "010",
        "NO",
        "true",
        "2023-05-01",
        "",
        " padded ",
        "two\nlines\n",
    ]
)
SCALARS = TEXTS | st.integers(-(10**9), 10**9) | st.booleans() | st.none() | st.sampled_from([1.5, -2e10])
KEYS = st.sampled_from(["id", "quote", "note", "actor", "affiliations", "published", "x y", "true", "9"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 200).map("d900-e{:02}".format)}, optional={"note": VALUES, "actor": VALUES}
    ),
    max_size=5,
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "document": VALUES,
        "events": RECORDS | VALUES,
        "negatives": RECORDS,
        "actors": VALUES,
        "zzz": VALUES,
    },
)


class Writer:
    """Writes values as YAML in a style that `draw` chooses, scattering numbered comments."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.comments = 0

    def comment(self) -> str:
        self.comments += 1
        return f"#c{self.comments}!"

    def maybe_beside(self) -> str:
        return f"  {self.comment()}" if self.draw(st.integers(0, 4)) == 0 else ""

    def maybe_above(self, indent: str) -> list[str]:
        blank = [""] if self.draw(st.booleans()) else []
        return [indent + self.comment(), *blank] if self.draw(st.integers(0, 4)) == 0 else blank

    def block(self, value: Any, indent: str) -> list[str]:
        """Lines below a key or dash."""
        lines: list[str] = []
        if isinstance(value, dict):
            entries = [(quoted(key) + ":", inner) for key, inner in value.items()]
        else:
            entries = [("-", inner) for inner in value]
        for head, inner in entries:
            lines += self.maybe_above(indent)
            if isinstance(inner, (dict, list)) and inner and self.draw(st.booleans()):
                lines += [indent + head + self.maybe_beside(), *self.block(inner, indent + "   ")]
            elif (
                isinstance(inner, str) and re.fullmatch(r"(?:[a-z]+\n)+", inner) and self.draw(st.booleans())
            ):
                lines.append(f"{indent}{head} |{self.maybe_beside()}")
                lines += [f"{indent}   {line}" for line in inner.splitlines()]
            else:
                lines.append(f"{indent}{head} {self.flow(inner, indent)}{self.maybe_beside()}")
        return lines

    def flow(self, value: Any, indent: str) -> str:
        if isinstance(value, str):
            single = "'" + value + "'"
            plain = re.fullmatch(r"[A-Za-z ]*[A-Za-z]", value) and strict_yaml.read(
                value
            ) == strict_yaml.Reading(value, [])
            styles = (
                [quoted(value)]
                + ([single] if re.fullmatch(r"[ -&(-~’]*", value) else [])
                + ([value] if plain else [])
            )
            return str(self.draw(st.sampled_from(styles)))
        if isinstance(value, (dict, list)):
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            parts = (
                [f"{quoted(k)}: {self.flow(v, indent)}" for k, v in value.items()]
                if isinstance(value, dict)
                else [self.flow(v, indent) for v in value]
            )
            joint = f",{self.maybe_beside()}\n{indent}    " if self.draw(st.booleans()) else ", "
            return f"{opening}{joint.join(parts)}{closing}"
        return json.dumps(value)


@st.composite
def files(draw: Any) -> tuple[str, Any]:
    """A file as somebody may write it, and the value it holds."""
    value = draw(FILES)
    writer = Writer(draw)
    lines = writer.block(value, "") if value else ["{}"]
    lines += writer.maybe_above("")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + end, value


def ordered(value: Any) -> Any:
    """The value with the lists whose order the canonical form sets put into one order."""
    return {
        key: sorted(item, key=partial(json.dumps, sort_keys=True))
        if key in ("events", "negatives", "actors") and isinstance(item, list)
        else item
        for key, item in value.items()
    }


# ---- laws ----------------------------------------------------------------------------------------------------


@given(files())
def test_no_value_changes_and_no_comment_is_lost_and_once_is_enough(file: tuple[str, Any]) -> None:
    text, value = file
    assert strict_yaml.read(text) == strict_yaml.Reading(value, [])
    result = canonical(text, "annotation")
    reading = strict_yaml.read(result)
    assert reading.faults == []
    assert ordered(reading.value) == ordered(value)
    assert sorted(re.findall(r"#c\d+!", result)) == sorted(re.findall(r"#c\d+!", text))
    assert canonical(result, "annotation") == result


@given(files())
def test_every_line_of_the_canonical_form_is_clean(file: tuple[str, Any]) -> None:
    result = canonical(file[0], "annotation")
    assert result.endswith("\n")
    assert "\r" not in result
    for line in result[:-1].split("\n"):
        assert line.strip()
        assert line == line.rstrip(" ")
        if re.match(r" *[a-z]+: [\[{].", line):
            assert len(re.sub(r"  #c\d+!$", "", line)) <= WIDTH or not line.rstrip().endswith(("]", "}"))


@given(TEXTS)
@example("\u2028 \x00 \u200f \ufeff \U0001f468\u200d\U0001f469")
def test_quoted_text_reads_as_itself(text: str) -> None:
    assert strict_yaml.read(quoted(text)) == strict_yaml.Reading(text, [])


@given(FILES)
def test_a_dumped_value_is_canonical_and_reads_as_itself(value: dict[str, Any]) -> None:
    text = dump(value, "annotation")
    assert ordered(strict_yaml.read(text).value) == ordered(value)
    assert canonical(text, "annotation") == text


# ---- what it looks like --------------------------------------------------------------------------------------


def test_the_form_that_is_written_down() -> None:
    text = """
# about the file
negatives: []
events:
# the second
- {id: d900-e02, trigger: 'warned', action: '130',   date: "2023-05-02", # a Tuesday
   target: [{id: australis, implicit: true}]}
- trigger: met
  evidence: >-
    the minister met
    her counterpart
  id: d900-e01
  actor: [{quote: "the minister", id: boreland}, {quote: "a long description of somebody", id: australis, prefix: "of the old"}]
  oddity: 1
document:
  file: 900_x.txt   # as received
  id: "d900"
"""
    assert (
        canonical(text, "annotation", "../schema/annotation.schema.json")
        == """\
# yaml-language-server: $schema=../schema/annotation.schema.json
# about the file
document:
  id: d900
  file: 900_x.txt  # as received
events:
  - id: d900-e01
    evidence: "the minister met her counterpart"
    trigger: "met"
    actor:
      - {id: boreland, quote: "the minister"}
      - {id: australis, quote: "a long description of somebody", prefix: "of the old"}
    oddity: 1
  # the second
  - id: d900-e02
    trigger: "warned"
    target: [{id: australis, implicit: true}]
    action: "130"
    date: "2023-05-02"  # a Tuesday
negatives: []
"""
    )


def test_a_new_record_is_appended_and_comments_stay() -> None:
    text = "document: {id: d900}\nevents: []  # none yet\nnegatives: []\n"
    result = append(text, "annotation", "events", {"trigger": "", "id": "d900-e01"})
    assert result == (
        'document:\n  id: d900\nevents:  # none yet\n  - id: d900-e01\n    trigger: ""\nnegatives: []\n'
    )


@pytest.mark.parametrize("sign", ["|", ">"])
def test_a_comment_behind_the_sign_of_a_folded_text_stays(sign: str) -> None:
    text = f"note: {sign}  # why\n  # no comment\nz: 1  # one\n"
    assert canonical(text, "annotation") == 'note: "# no comment\\n"  # why\nz: 1  # one\n'


def test_records_without_an_id_come_last() -> None:
    text = "events: [{}, {id: 7}, {id: d900-e10}, {id: d900-e02}]\nactors: [{}, {id: b}, {id: a}]\n"
    value = strict_yaml.read(canonical(text, "annotation")).value
    assert value["events"] == [{"id": "d900-e02"}, {"id": "d900-e10"}, {}, {"id": 7}]
    assert value["actors"] == [{"id": "a"}, {"id": "b"}, {}]


@pytest.mark.parametrize("text", ["document: {id: d900}\n", "events: null\ndocument: {id: d900}\n"])
def test_a_record_is_appended_where_there_is_no_list_yet(text: str) -> None:
    result = append(text, "annotation", "events", {"id": "d900-e01", "count_min": 2, "reciprocal": True})
    assert (
        result == "document:\n  id: d900\nevents:\n  - id: d900-e01\n    reciprocal: true\n    count_min: 2\n"
    )


@pytest.mark.parametrize("text", ["a: [", "action: 010\n", "a: 1\na: 2\n", "", "&x a: 1\n"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        canonical(text, "annotation")


# ---- the command ---------------------------------------------------------------------------------------------


def test_the_corpus_of_the_tests_is_canonical(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(CORPUS)]) == 0
    assert capsys.readouterr().out == "8 files in canonical form\n"


def test_fmt_rewrites_only_what_needs_it_and_leaves_alone_what_cannot_be_read(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    canonical_form = Path("dataset/events/d901.yaml").read_text(encoding="utf-8")
    Path("dataset/events/d901.yaml").write_text(
        canonical_form.replace('trigger: "said"', "trigger: said"), encoding="utf-8"
    )
    broken = (
        Path("dataset/events/d900.yaml").read_text(encoding="utf-8").replace('action: "044"', "action: 044")
    )
    Path("dataset/events/d900.yaml").write_text(broken, encoding="utf-8")

    assert main(["fmt", "--check"]) == 1
    assert main(["fmt", "--diff"]) == 1
    assert Path("dataset/events/d901.yaml").read_text(encoding="utf-8") != canonical_form
    out = capsys.readouterr().out
    assert "dataset/events/d901.yaml: not in canonical form" in out
    assert '+    trigger: "said"' in out

    assert main(["fmt"]) == 1
    out = capsys.readouterr().out
    assert "dataset/events/d900.yaml:18:13: error ambiguous-scalar" in out
    assert Path("dataset/events/d901.yaml").read_text(encoding="utf-8") == canonical_form
    assert Path("dataset/events/d900.yaml").read_text(encoding="utf-8") == broken
    assert not list(Path("dataset/events").glob(".*"))


def test_fmt_of_one_file_touches_no_other(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    for name in ("actors", "events/d900"):
        path = Path(f"dataset/{name}.yaml")
        path.write_text(path.read_text(encoding="utf-8") + "# end\n\n", encoding="utf-8")
    assert main(["fmt", "dataset/events/d900.yaml"]) == 0
    assert (
        capsys.readouterr().out
        == "dataset/events/d900.yaml: rewritten\n1 file rewritten, 0 files in canonical form already\n"
    )
    assert Path("dataset/actors.yaml").read_text(encoding="utf-8").endswith("# end\n\n")


# ---- files that change, and folders that cannot be read --------------------------------------------------------


def test_a_save_made_while_fmt_runs_is_kept(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = corpus_copy / "dataset" / "events" / "d900.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "# not canonical\n\n", encoding="utf-8")
    saved = text + "# saved by an editor\n"
    slow = canonical_module.canonical

    def canonical_while_somebody_saves(*arguments: Any, **options: Any) -> str:
        file.write_text(saved, encoding="utf-8")
        return slow(*arguments, **options)

    monkeypatch.setattr(canonical_module, "canonical", canonical_while_somebody_saves)
    assert main(["fmt", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == saved
    assert "saved by another program meanwhile" in capsys.readouterr().err
    assert list(file.parent.glob(".*")) == []


@pytest.mark.parametrize("content", [b"as before\r\n", b"as before", b"", None])
def test_a_file_is_replaced_only_if_it_is_as_it_was_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ChangedMeanwhile):
        write_text(file, "after", before="as before\n")
    assert (file.read_bytes() if file.exists() else None) == content
    file.write_text("as before\n", encoding="utf-8", newline="")
    write_text(file, "after", before="as before\n")
    assert file.read_text(encoding="utf-8") == "after"


def test_a_report_replaces_a_link_and_leaves_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(target)
    write_text(link, "report", follow=False)
    assert (target.read_text("utf-8"), link.read_text("utf-8"), link.is_symlink()) == (
        "mine",
        "report",
        False,
    )


@pytest.mark.parametrize("folder", ["events", "passes"])
@pytest.mark.parametrize("options", [[], ["--check"]])
def test_fmt_does_not_succeed_on_a_folder_it_cannot_read(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], folder: str, options: list[str]
) -> None:
    dataset = corpus_copy / "dataset"
    (dataset / folder).rename(corpus_copy / "elsewhere")
    (dataset / folder).symlink_to(corpus_copy / "elsewhere")
    before = {path: path.read_bytes() for path in corpus_copy.rglob("*.yaml")}
    assert main(["fmt", *options, str(dataset)]) == 1
    assert "file-unreadable" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in before} == before


@given(st.from_regex(canonical_module._WORD_WITH_HYPHEN.pattern, fullmatch=True))
def test_words_with_a_hyphen_read_as_text_without_quotes(text: str) -> None:
    assert canonical_module._reads_as_text(text)
