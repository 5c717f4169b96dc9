"""The explorer page without a browser: what it holds, that it is sealed, and that its bytes are stable.

What only a browser can show is in `.ci/page`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.cli import main
from standoff.page import layout, outlines
from standoff.page.data import COLUMNS, gathered
from standoff.page.release import page_of
from standoff.page.render import About, page

ABOUT = About("corpus", "A corpus", "0.1.0", "Invented.", "CC-BY-4.0", "Nobody (2026).")
SPLIT = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


@pytest.fixture(scope="session")
def release(releases: Path) -> Path:
    return releases / "v0.1.0"


@pytest.fixture(scope="session")
def tables(release: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in release.glob("*.parquet")}


@pytest.fixture(scope="session")
def text(release: Path) -> str:
    return page_of(str(release))


def data_of(text: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert match
    found: dict[str, Any] = json.loads(match[1])
    return found


def test_the_same_release_gives_the_same_bytes(release: Path, text: str) -> None:
    assert page_of(str(release)) == text


def test_a_page_of_a_website_links_to_it(release: Path, text: str, tmp_path: Path) -> None:
    target = tmp_path / "explore.html"
    assert main(["page", "--release", str(release), "--site", "index.html", "--to", str(target)]) == 0
    assert data_of(target.read_text("utf-8"))["about"]["site"] == "index.html"
    assert data_of(text)["about"]["site"] is None


def test_a_folder_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "releases" / "v9.9.9"
    assert main(["page", "--release", str(missing), "--to", str(tmp_path / "explore.html")]) == 2
    assert f"there is no folder {missing}" in capsys.readouterr().err
    assert not (tmp_path / "explore.html").exists()


def test_every_record_of_the_release_is_in_the_page(text: str, tables: dict[str, pl.DataFrame]) -> None:
    data = data_of(text)
    for name, key in (("events", "event_id"), ("negatives", "negative_id"), ("documents", "document_id")):
        at = data["columns"][name].index(key)
        assert [row[at] for row in data[name]] == tables[name][key].to_list()
    for name in ("participants", "mentions", "links"):
        assert len(data[name]) == tables[name].height


def test_an_event_counts_once(text: str) -> None:
    data = data_of(text)
    event, weight = (data["columns"]["dyads"].index(name) for name in ("event_id", "weight"))
    sums: dict[str, float] = {}
    for row in data["dyads"]:
        sums[row[event]] = sums.get(row[event], 0) + row[weight]
    assert sums
    assert all(total == pytest.approx(1, abs=1e-4) for total in sums.values())


def test_the_policy_admits_this_style_and_script_and_no_address(text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]
    parts = SPLIT.findall(text)
    assert [kind for kind, _ in parts] == ["style", "script"]
    for kind, content in parts:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]


def test_nothing_is_loaded_and_no_attribute_needs_an_exception(text: str) -> None:
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(src|href)\s*=\s*[\"']?(https?:)?//", markup)
    assert not re.search(r"\s(style|on\w+)\s*=", markup)
    script = dict(SPLIT.findall(text))["script"]
    for way in ("fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval(", "Function("):
        assert way not in script


def test_evidence_words_are_not_in_the_page(text: str) -> None:
    """The page has triggers and the words of participants, as the release has; the rest of a document it has not."""
    corpus = Path(__file__).parents[1] / "corpus"
    for seed in sorted((corpus / "seeds").glob("*.txt")):
        words = seed.read_bytes().decode("utf-8-sig", "ignore").split()
        for start in range(0, len(words) - 12, 6):
            assert " ".join(words[start : start + 12]) not in text


@given(words=st.text(max_size=60))
def test_no_words_of_the_data_can_end_the_script(words: str) -> None:
    hostile = f"</script><!--{words}--><script>]]>\u2028"
    tables = {
        name: pl.DataFrame(schema=dict.fromkeys(columns, pl.String)) for name, columns in COLUMNS.items()
    }
    tables["dyads"] = tables["dyads"].cast({"weight": pl.Float64})
    tables["actions"] = pl.DataFrame(
        schema=dict.fromkeys(["action", "label", "parent", "definition"], pl.String)
    )
    tables["documents"] = pl.DataFrame(
        {name: [hostile if name == "title" else None] for name in COLUMNS["documents"]}
    )
    text = page(tables, ABOUT)
    assert text.count("</script>") == 3
    data = data_of(text)
    assert data["documents"][0][data["columns"]["documents"].index("title")] == hostile


def test_actors_and_codes_that_nothing_refers_to_are_left_out(tables: dict[str, pl.DataFrame]) -> None:
    data = gathered(tables)
    used = set(tables["events"]["action"]) | set(tables["dyads"]["action"])
    assert used <= set(data["actions"])
    assert len(data["actions"]) < tables["actions"].height
    named = {row[0] for row in data["actors"]}
    assert set(tables["participants"]["actor_id"].drop_nulls()) <= named


NODES = st.lists(st.text("abcdefgh", min_size=1, max_size=3), min_size=1, max_size=9, unique=True)


@given(nodes=NODES, choice=st.data())
def test_nodes_lie_in_the_frame_and_where_they_lay_before(nodes: list[str], choice: st.DataObject) -> None:
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    edges = choice.draw(st.dictionaries(pairs, st.floats(0.1, 50), max_size=12))
    spots = layout.positions(nodes, edges, 720, 460)
    assert spots == layout.positions(nodes, dict(reversed(edges.items())), 720, 460)
    assert list(spots) == nodes
    assert all(0 <= x <= 720 and 0 <= y <= 460 for x, y in spots.values())


@given(places=st.lists(st.tuples(st.floats(-179, 179), st.floats(-84, 84)), min_size=1, max_size=8))
def test_every_place_lies_on_the_map(places: list[tuple[float, float]]) -> None:
    frame = outlines.Frame.around(places)
    for longitude, latitude in places:
        x, y = frame.spot(longitude, latitude)
        assert -0.1 <= x <= frame.width + 0.1
        assert -0.1 <= y <= frame.height + 0.1


def test_the_map_shows_coasts_and_borders_where_they_are() -> None:
    """Known points of the Mediterranean coast lie near a line; the middle of the Sahara does not."""
    frame = outlines.Frame(10, 20, 45, 40)
    spots = [
        tuple(map(float, pair.split()))
        for path in outlines.paths(frame)
        for pair in re.split("[ML]", path)[1:]
    ]

    def nearest(longitude: float, latitude: float) -> float:
        x, y = frame.spot(longitude, latitude)
        return min(((a - x) ** 2 + (b - y) ** 2) ** 0.5 for a, b in spots) / frame.width * 35

    assert nearest(34.75, 32.05) < 0.5  # the coast at Jaffa
    assert nearest(29.90, 31.20) < 0.5  # Alexandria
    assert nearest(22.00, 26.50) > 1.5  # the Libyan desert


def test_the_command_writes_the_page_or_says_why_not(
    release: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "explore.html"
    assert main(["page", "--release", str(release), "--to", str(target)]) == 0
    assert target.read_text("utf-8") == text
    assert "explore.html" in capsys.readouterr().out
    for arguments, word in (
        (["--release", str(release), "--to", str(tmp_path / "explore.txt")], ".html"),
        (["--release", str(release), "--to", str(tmp_path / "no" / "explore.html")], "folder"),
        (["--release", str(tmp_path), "--to", str(target)], "SHA256SUMS"),
        (["--release", "99.0.0", "--to", str(target)], "99.0.0"),
    ):
        assert main(["page", *arguments]) == 2
        assert word in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["explore.html"]
